"""A network of many owners is trusted as if it were the own one.

## What happens
`permit_mynetworks` lets the clients in `mynetworks` send mail to anywhere. In `192.0.0.0/8` or `172.0.0.0/8`
there is some private network, and around it are millions of hosts of strangers; to all of them the host is an
open relay.

## Bad
```main.cf mynetworks-too-wide@1 fragment
mynetworks = 127.0.0.0/8, 172.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
```

### Less wide
```main.cf mynetworks-too-wide@1 fragment
mynetworks = 127.0.0.0/8, 192.0.0.0/12
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
```

## Good
```main.cf fragment
mynetworks = 127.0.0.0/8, 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 198.51.0.0/16, [2001:db8::]/32
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
```

## What Postfix says
```witness rcpt-as 172.217.0.9 somebody@elsewhere.example
250 2.1.5 Ok
```

## When it is right
Where the network is all yours, or where only your own hosts can connect.

## References
- postconf(5) mynetworks; RFC 1918, RFC 4193, RFC 6598
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, WARNING, Finding
from maillint.engine.rule import rule

from ._networks import NETWORKS, WIDE, entries, is_wide, network_of, trusting

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_NOBODYS = {4: 8, 6: 19}
"""No user of the Internet has a network of these many bits or less, but for a few very old ones."""


@rule(
    severity=ERROR,
    area="relay-security",
    parameters=(NETWORKS,),
    when_set=True,
    noted=("maillint_rules.relay_security._networks", WIDE),
    security=True,
)
def mynetworks_too_wide(config: Configuration) -> Iterator[Finding]:
    for placed in entries(config):
        network = network_of(placed)
        if network is None or not is_wide(placed):
            continue
        views = trusting(placed)
        if views:
            yield Finding(
                placed.location,
                f"this host relays for everybody in `{placed.pattern.text}`, which is a part of the Internet"
                f" with many owners: `{NETWORKS}` has it, and `permit_mynetworks` lets them send to anywhere",
                mend="write the network that is yours; private ones are `10.0.0.0/8`, `172.16.0.0/12` and"
                " `192.168.0.0/16`",
                severity=ERROR if network.bits <= _NOBODYS[network.family] else WARNING,
                parameter=NETWORKS,
                related=placed.related,
                services=tuple(view.id for view in views if view.service is not None),
            )
