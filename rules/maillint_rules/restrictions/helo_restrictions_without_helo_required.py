"""HELO names are checked, but a client need not give one.

## What happens
With `smtpd_helo_required = no`, the default, a client may go on with `MAIL FROM` at once. All checks of its
HELO name are skipped then, and who wants to get around them leaves HELO out.

## Bad
```main.cf helo-restrictions-without-helo-required@4
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_helo_restrictions = permit_mynetworks, reject_invalid_helo_hostname
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_helo_required = yes
smtpd_helo_restrictions = permit_mynetworks, reject_invalid_helo_hostname
```

```main.cf
# Only programs on this host connect.
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
inet_interfaces = loopback-only
smtpd_helo_restrictions = permit_mynetworks, reject_invalid_helo_hostname
```

## When it is right
Where some own device cannot say HELO; let it in by its address.

## References
- postconf(5) smtpd_helo_required, smtpd_helo_restrictions
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding, Fix
from maillint.engine.rule import VIEW, rule

from .._chain import set_here
from .._edits import settings_written
from ._lists import LISTS
from ._sequence import HELO_NOT_REQUIRED, HELO_REQUIRED, unasked_helo

if TYPE_CHECKING:
    from maillint.postfix.configuration import View


@rule(
    severity=WARNING,
    area="restrictions",
    parameters=LISTS,
    when_set=True,
    each=VIEW,
    noted=("maillint_rules.restrictions._sequence", HELO_NOT_REQUIRED),
)
def helo_restrictions_without_helo_required(view: View) -> Iterator[Finding]:
    for check, where in unasked_helo(view):
        assert check.word.location is not None
        beside = where.value.setting
        edits = settings_written(view, {HELO_REQUIRED: "yes"}, beside) if beside is not None else None
        yield Finding(
            check.word.location,
            f"a client that sends no HELO gets around `{check.word.text}`: `{HELO_REQUIRED}` is off",
            mend=f"write `{HELO_REQUIRED} = yes`",
            parameter=where.name,
            related=set_here((view.setting(HELO_REQUIRED),)),
            fix=Fix("require HELO", edits) if edits else None,
        )
