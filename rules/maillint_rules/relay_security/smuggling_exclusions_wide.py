"""The defence against SMTP smuggling is switched off for most clients.

## What happens
`smtpd_forbid_bare_newline_exclusions` lists the clients whose lines may end without a carriage return. For
them, what ends a message here may not have ended it where they took it from, and a spammer can put a message
with any sender behind another one.

## Bad
```main.cf smuggling-exclusions-wide@1 fragment
smtpd_forbid_bare_newline_exclusions = $mynetworks, 0.0.0.0/0
```

## Good
```main.cf fragment
smtpd_forbid_bare_newline_exclusions = $mynetworks, 192.0.2.0/24
```

## When it is right
Never on a host that takes mail from the Internet.

## References
- postconf(5) smtpd_forbid_bare_newline_exclusions; CVE-2023-51764
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding
from maillint.engine.rule import rule

from ._networks import EXCLUSIONS, WIDE_EXCLUSION, entries, holds_everybody, is_wide

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(
    severity=WARNING,
    area="relay-security",
    parameters=(EXCLUSIONS,),
    when_set=True,
    noted=("maillint_rules.relay_security._networks", WIDE_EXCLUSION),
    security=True,
)
def smuggling_exclusions_wide(config: Configuration) -> Iterator[Finding]:
    for placed in entries(config, EXCLUSIONS):
        if is_wide(placed) or holds_everybody(placed):
            yield Finding(
                placed.location,
                f"`{placed.pattern.text}` holds hosts of strangers: they can smuggle messages past the checks"
                " of senders, for lines that end with a bare newline are taken from them",
                mend="list only hosts of your own that cannot send proper lines",
                parameter=EXCLUSIONS,
                related=placed.related,
            )
