"""A message can be hidden behind another one, past the checks of its sender.

## What happens
SMTP ends a message with `<CR><LF>.<CR><LF>`. An smtpd that takes `<LF>.<CR><LF>` for the end, too, sees two
messages where the mail server in front of it, of a large provider perhaps, saw one. The second has any sender
that the spammer likes, and passes SPF and DMARC as if it came from a user of that provider.
`smtpd_forbid_bare_newline = normalize` demands the proper end; it is the default since Postfix 3.9, and in
older ones since January 2024 it has to be switched on.

## Bad
```main.cf smtp-smuggling@4
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_forbid_bare_newline = no
```

### An older version
```main.cf smtp-smuggling@1 postfix=3.7.11
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
```

```main.cf postfix=3.7.11
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_forbid_bare_newline = normalize
```

```main.cf postfix=3.7.11
# What was to be done before there was a better way.
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_data_restrictions = reject_unauth_pipelining
smtpd_discard_ehlo_keywords = chunking
```

```main.cf postfix=3.7.11
# Others do not bring mail here.
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
inet_interfaces = loopback-only
```

## When it is right
Where a mail server in front of this one has ended all lines properly.

## References
- CVE-2023-51764; https://www.postfix.org/smtp-smuggling.html; postconf(5) smtpd_forbid_bare_newline
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding, Fix
from maillint.engine.places import absent_location
from maillint.engine.rule import rule

from ..restrictions._lists import smtpd_views
from ._servers import BARE_NEWLINES, DATA, FORBID, takes_bare_newlines

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.syntax.tree import Setting


@rule(
    severity=WARNING,
    area="relay-security",
    parameters=(FORBID,),
    noted=("maillint_rules.relay_security._servers", BARE_NEWLINES),
    complete=True,
    security=True,
)
def smtp_smuggling(config: Configuration) -> Iterator[Finding]:
    views = [view for view in smtpd_views(config) if takes_bare_newlines(view)]
    if not views:
        return
    settings = [setting for view in views if (setting := view.setting(FORBID)) is not None]
    known = config.parameter(FORBID) is not None
    yield Finding(
        settings[0].value.location() if settings else absent_location(config),
        "a spammer can hide a message with any sender behind another one (SMTP smuggling): smtpd takes a dot"
        " between bare newlines for the end of a message"
        + ("" if known else f", and Postfix {config.version} cannot be told otherwise"),
        mend=f"write `{FORBID} = normalize`"
        if known
        else f"update Postfix; until then, write `{DATA} = reject_unauth_pipelining` and"
        " `smtpd_discard_ehlo_keywords = chunking`",
        parameter=FORBID,
        services=tuple(view.id for view in views if view.service is not None),
        fix=_fix(settings) if known else None,
    )


def _fix(settings: list[Setting]) -> Fix | None:
    """Where one line is the cause, write what newer versions do by default."""
    if len({setting.location for setting in settings}) != 1:
        return None
    return Fix.write(settings[0].value.location(), "normalize", safe=False)
