"""An inet service with the name of a port that the system may not know.

## What happens
master(8) looks the name of a port up in `known_tcp_ports` (Postfix 3.6 and later) and then in
`/etc/services`, upper and lower case being different. What is in neither is fatal: `Servname not supported
for ai_socktype`, and Postfix does not start.

## Bad
```master.cf master-unknown-port@1 fragment
submision inet n - n - - smtpd
```

```master.cf master-unknown-port@1 fragment
SMTP inet n - n - - smtpd
```

```master.cf master-unknown-port@1 fragment
127.0.0.1:smtp-alt inet n - n - - smtpd
```

## Good
```master.cf fragment
submission inet n - n - - smtpd
127.0.0.1:10025 inet n - n - - smtpd
```

### A port with a name of its own
```main.cf fragment
known_tcp_ports = lmtp=24, smtp=25, smtps=submissions=465, submission=587, smtp-alt=2525
```
```master.cf
smtp-alt inet n - n - - smtpd
```

## What Postfix says
```witness start
postfix/master: fatal: ...:submision: Servname not supported for ai_socktype
```

## When it is right
Where `/etc/services` of the host has the name. A number works everywhere.

## References
- master(5), "Service name"; postconf(5) known_tcp_ports
- Postfix source: util/inet_listen.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, HIGH, MEDIUM, Finding, Fix
from maillint.engine.rule import rule
from maillint.nearest import nearest
from maillint.postfix.host_port import is_digits
from maillint.postfix.master import NAME, active_services, endpoint, named_ports

from .._characters import BYTE_ORDER_MARK
from .._told import is_placeholder
from ._entries import UNKNOWN_PORT

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(
    severity=ERROR,
    area="master",
    parameters=("known_tcp_ports",),
    noted=("maillint_rules.master._entries", UNKNOWN_PORT),
)
def master_unknown_port(config: Configuration) -> Iterator[Finding]:
    for service in active_services(config):
        if service.type != "inet" or is_placeholder(service.name):
            continue
        _, port, error = endpoint(service)
        known = named_ports(config)
        if error or is_digits(port) or port in known:
            continue
        if port.startswith(BYTE_ORDER_MARK):
            continue  # byte-order-mark
        name = service.fields[NAME]
        place = name.slice(len(name.text) - len(port), len(name.text))
        meant = nearest(port, known)
        yield Finding(
            place.location(),
            f"Postfix does not start unless `/etc/services` on this host has the port `{port}`",
            mend=f"write `{meant}`" if meant else "write the number of the port",
            confidence=HIGH if meant else MEDIUM,
            parameter="known_tcp_ports",
            services=(service.id,),
            fix=Fix.write(place.location(), meant) if meant else None,
        )
