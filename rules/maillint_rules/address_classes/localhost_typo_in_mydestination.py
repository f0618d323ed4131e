"""The name localhost is misspelt in mydestination.

## What happens
Programs on a host write to `root@localhost`. With the name misspelt in `mydestination`, Postfix does not know
it for its own: it looks for a mail server of that name, and returns the mail.

## Bad
```main.cf localhost-typo-in-mydestination@3
myhostname = mail.example.com
myorigin = $mydomain
mydestination = $myhostname, loaclhost
compatibility_level = 3.6
```

```main.cf localhost-typo-in-mydestination@1 fragment
mydestination = $myhostname, localhost.localdomian, localhost
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
mydestination = $myhostname, localhost.localdomain, localhost
compatibility_level = 3.6
```

## When it is right
Where a host or domain really has such a name.

## References
- postconf(5) mydestination
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding, Fix
from maillint.engine.rule import rule

from ._lists import MISSPELT, misspelt_localhosts

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(
    severity=WARNING,
    area="address-classes",
    parameters=("mydestination",),
    when_set=True,
    noted=("maillint_rules.address_classes._lists", MISSPELT),
)
def localhost_typo_in_mydestination(config: Configuration) -> Iterator[Finding]:
    for listed, meant in misspelt_localhosts(config):
        assert listed.item.location is not None
        yield Finding(
            listed.item.location,
            f"mail to a user at `{meant}` leaves the host: `mydestination` has `{listed.domain}` instead",
            mend=f"write `{meant}`",
            parameter="mydestination",
            fix=Fix.write(listed.item.location, meant),
        )
