"""The greeting of the SMTP server tells the version of the software.

## What happens
Who looks for hosts with a known hole reads the version in `smtpd_banner` and need not try. Rules for
hardening (CIS, Lynis) ask for a greeting without it. It hides little: what a server can do shows its version
as well.

This is advice for who asks for it: the rule is off until it is selected.

## Bad
```main.cf banner-discloses-software@4
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
smtpd_banner = $myhostname ESMTP $mail_name ($mail_version)
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
smtpd_banner = $myhostname ESMTP
```

## When it is right
Where nobody has asked for this kind of hardening.

## References
- postconf(5) smtpd_banner, mail_version
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, Edit, Finding, Fix
from maillint.engine.rule import VIEW, rule
from maillint.syntax.source import Location, Span

if TYPE_CHECKING:
    from maillint.postfix.configuration import View

_VERSION = re.compile(
    r"\s*[(\[]?(?:\$(?:mail_version\b|\{mail_version\}|\(mail_version\))|Postfix[ /-]?[0-9][0-9.]+)[)\]]?"
)


@rule(severity=INFO, area="identity", parameters=("smtpd_banner",), when_set=True, each=VIEW, default=False)
def banner_discloses_software(view: View) -> Iterator[Finding]:
    setting = view.setting("smtpd_banner")
    found = _VERSION.search(setting.value.location().text) if setting is not None else None
    if setting is None or found is None:
        return
    start = setting.value.span.start
    place = Location(setting.source, Span(start + found.start(), start + found.end()))
    yield Finding(
        place,
        "the greeting tells everybody which version of Postfix this is",
        mend="leave the version out: `smtpd_banner = $myhostname ESMTP`",
        parameter="smtpd_banner",
        fix=Fix("leave the version out", (Edit(place, ""),)),
    )
