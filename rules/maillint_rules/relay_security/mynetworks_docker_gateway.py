"""In a container, the whole Internet may come from an address that is trusted.

## What happens
Where the port of a container is published by a program in between (the userland proxy of Docker, rootless
Docker and Podman, IPv6 in front of an IPv4 network), every client comes from the gateway of the bridge:
`172.17.0.1` or the like. With that in `mynetworks` the host is an open relay.

## Bad
```main.cf mynetworks-docker-gateway@6
myhostname = mail.example.com
myorigin = $mydomain
mydestination = $myhostname, example.com, localhost
maillog_file = /dev/stdout
compatibility_level = 3.6
mynetworks = 127.0.0.0/8, [::1]/128, 172.16.0.0/12
```
```master.cf
smtp inet n - n - - smtpd
postlog unix-dgram n - n - 1 postlogd
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
mydestination = $myhostname, example.com, localhost
maillog_file = /dev/stdout
compatibility_level = 3.6
mynetworks = 127.0.0.0/8, [::1]/128
```
```master.cf
smtp inet n - n - - smtpd
postlog unix-dgram n - n - 1 postlogd
```

### On the host itself, for its containers
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
mydestination = $myhostname, example.com, localhost
compatibility_level = 3.6
mynetworks = 127.0.0.0/8, [::1]/128, 172.17.0.0/16
```
```master.cf
smtp inet n - n - - smtpd
```

## When it is right
Where the port is published by rules of the kernel's packet filter only, which keep the client's address.

## References
- postconf(5) mynetworks; Docker's manual, "Port publishing and mapping"
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import MEDIUM, WARNING, Finding
from maillint.engine.rule import rule
from maillint.postfix.matchlist import network
from maillint.postfix.role import MX, has_role

from .._chain import set_here
from ._networks import NETWORKS, entries, is_wide, network_of, trusting

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_LOG = "maillog_file"
_OF_CONTAINERS = "/dev/stdout"
_GATEWAYS = (network("172.17.0.1"), network("172.18.0.1"))
"""Of the bridge that every Docker has, and of the first that a user makes."""


@rule(
    severity=WARNING,
    area="relay-security",
    parameters=(_LOG,),
    when_set=True,
    noted=("maillint_rules._words", NETWORKS),
    security=True,
)
def mynetworks_docker_gateway(config: Configuration) -> Iterator[Finding]:
    if config.main_view.value(_LOG).text != _OF_CONTAINERS or not has_role(config, MX):
        return
    for placed in entries(config):
        found = network_of(placed)
        if found is None or placed.pattern.negated or is_wide(placed) or not found.bits:
            continue
        if any(gateway is not None and found.has(gateway) for gateway in _GATEWAYS) and trusting(placed):
            yield Finding(
                placed.location,
                f"`{placed.pattern.text}` holds the gateway of Docker's networks, from which a container that"
                " logs to `/dev/stdout` may see all clients: then they all may send mail to anywhere",
                mend="list only the addresses of the containers that send mail here",
                confidence=MEDIUM,
                parameter=NETWORKS,
                related=(*placed.related, *set_here((config.main_view.setting(_LOG),))),
            )
