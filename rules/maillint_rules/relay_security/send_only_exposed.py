"""A host that only sends mail listens to the whole network.

## What happens
With a `relayhost`, no domain but its own name, and nobody trusted but itself, the host has no use for mail
from outside. Its SMTP server can be reached all the same: one more program for others to attack, and one that
takes mail for root and the like.

## Bad
```main.cf send-only-exposed@5
compatibility_level = 3.6
myhostname = web01.example.com
myorigin = example.com
mydestination = localhost
inet_interfaces = all
relayhost = [mail.example.com]
mynetworks = 127.0.0.0/8, [::1]/128
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = web01.example.com
myorigin = example.com
mydestination = localhost
inet_interfaces = loopback-only
relayhost = [mail.example.com]
mynetworks = 127.0.0.0/8, [::1]/128
```

```main.cf
# It takes mail from the hosts around it.
compatibility_level = 3.6
myhostname = hub.example.com
myorigin = example.com
mydestination = localhost
inet_interfaces = all
relayhost = [mail.example.com]
mynetworks = 127.0.0.0/8, [::1]/128, 10.0.0.0/8
```

## When it is right
In a container whose ports nobody else can reach.

## References
- STANDARD_CONFIGURATION_README, "Postfix on a null client"; postconf(5) inet_interfaces
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import MEDIUM, WARNING, Edit, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix.listening import NETWORK, is_mail_exchange, listeners
from maillint.postfix.role import NULL_CLIENT, SATELLITE, has_role

from .._chain import set_here

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_INTERFACES = "inet_interfaces"
_USED = (
    "smtpd_milters",
    "content_filter",
    "transport_maps",
    "smtpd_sender_restrictions",
    "smtpd_client_restrictions",
    "smtpd_upstream_proxy_protocol",
)
"""Who sets one of these expects mail from others."""


@rule(
    severity=WARNING,
    area="relay-security",
    parameters=("relayhost",),
    when_set=True,
    complete=True,
    security=True,
)
def send_only_exposed(config: Configuration) -> Iterator[Finding]:
    view = config.main_view
    setting, networks = view.setting(_INTERFACES), view.setting("mynetworks")
    relayhost = view.setting("relayhost")
    if (
        relayhost is None
        or networks is None
        or any(view.is_set(name) for name in _USED)
        or not has_role(config, NULL_CLIENT, SATELLITE)
    ):
        return
    servers = listeners(config)
    if not any(
        server.reach == NETWORK and server.by_interfaces and is_mail_exchange(server.view)
        for server in servers
    ):
        return
    place = setting.value.location() if setting is not None else relayhost.value.location()
    yield Finding(
        place,
        "other hosts can connect to the SMTP server, which has no use for them: mail leaves through"
        f" `{relayhost.value.text}`, nobody but this host is trusted, and no domain is at home here",
        mend=f"write `{_INTERFACES} = loopback-only`",
        confidence=MEDIUM,
        parameter=_INTERFACES,
        related=set_here((relayhost, networks), but=place),
        fix=Fix("listen to this host only", (Edit(place, "loopback-only"),), safe=False)
        if setting is not None
        else None,
    )
