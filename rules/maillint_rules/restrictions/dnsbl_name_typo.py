"""The name of a DNS list is misspelt.

## What happens
Postfix asks whatever name is there. One that does not exist keeps nobody out, and nothing in the log tells
so. If it exists, its owner is a stranger who may list every client of the world, and the mail is rejected.

## Bad
```main.cf dnsbl-name-typo@1 fragment
smtpd_client_restrictions = permit_mynetworks, reject_rbl_client zen.spamhaus.com=127.0.0.[2..11]
```

```main.cf dnsbl-name-typo@1 fragment
smtpd_client_restrictions = permit_mynetworks, reject_rbl_client b.barracudacentrall.org
```

## Good
```main.cf fragment
smtpd_client_restrictions = permit_mynetworks, reject_rbl_client zen.spamhaus.org=127.0.0.[2..11],
  reject_rbl_client zen.example.net
```

## When it is right
Never.

## References
- postconf(5) reject_rbl_client
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding, Fix
from maillint.engine.rule import VIEW, rule

from ._dns_lists import ASKING, MISSPELT, asked

if TYPE_CHECKING:
    from maillint.postfix.configuration import View


@rule(
    severity=ERROR,
    area="restrictions",
    parameters=ASKING,
    when_set=True,
    each=VIEW,
    noted=("maillint_rules.restrictions._dns_lists", MISSPELT),
)
def dnsbl_name_typo(view: View) -> Iterator[Finding]:
    for found in asked(view):
        meant = found.meant
        if meant is not None:
            place = found.domain_location
            yield Finding(
                place,
                f"`{found.domain}` is not the DNS list `{meant}`: it keeps nobody out, or whoever owns the"
                " name decides whose mail is rejected",
                mend=f"write `{meant}`",
                parameter=found.parameter,
                fix=Fix.write(place, meant) if found.is_written else None,
            )
