"""A client is trusted for the name that the DNS has for its address.

## What happens
An entry of `mynetworks` that is no address is compared with the name of the client. Postfix looks the name up
from the address, and the address from the name; when one of the look-ups fails, as for most dynamic addresses
it does, the client is a stranger. `partner.example` also lets in every host below it, as long as `mynetworks`
stands in `parent_domain_matches_subdomains`; `.partner.example` lets in nobody.

## Bad
```main.cf mynetworks-hostname@1 fragment
mynetworks = 127.0.0.0/8, gateway.example.com
```

```main.cf mynetworks-hostname@1 fragment
mynetworks = 127.0.0.0/8, .example.com
```

## Good
```main.cf fragment
mynetworks = 127.0.0.0/8, 192.0.2.25, localhost
```

## When it is right
Where the addresses change, and the owner of the host keeps both look-ups right.

## References
- postconf(5) mynetworks, parent_domain_matches_subdomains
- Postfix source: smtpd/smtpd_peer.c, util/match_ops.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding
from maillint.engine.rule import rule

from ._networks import HOST_NAME, NETWORKS, entries, is_host_name

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_PARENTS = "parent_domain_matches_subdomains"


@rule(
    severity=WARNING,
    area="relay-security",
    parameters=(NETWORKS,),
    when_set=True,
    noted=("maillint_rules.relay_security._networks", HOST_NAME),
)
def mynetworks_hostname(config: Configuration) -> Iterator[Finding]:
    for placed in entries(config):
        if is_host_name(placed) and not placed.pattern.negated:
            name = placed.pattern.text
            by_parent = any(item.text == NETWORKS for item in placed.judged.view.items(_PARENTS))
            if name.startswith(".") == by_parent:
                effect = "matches no client" if by_parent else "matches the host of this name only"
            else:
                effect = "matches every host below it"
            if name.startswith(".") and by_parent:
                mend = f"write `{name[1:]}`, or better the addresses"
            else:
                mend = "write the addresses"
            yield Finding(
                placed.location,
                f"`{name}` in `{NETWORKS}` is compared with the name that the DNS has for the client, which"
                f" may be missing, slow or another; it {effect}",
                mend=mend,
                parameter=NETWORKS,
                related=placed.related,
            )
