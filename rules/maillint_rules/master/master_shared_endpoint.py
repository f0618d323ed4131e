"""Two services listen on one address and port, and clients get one of them at random.

## What happens
A service with an address in its name does not follow `inet_interfaces`, and one without follows it. When
both ways lead to the same address and port, master(8) does not notice. Since Postfix 3.6 the operating
system spreads the connections over both services, whatever their options say: with a content filter, for
instance, half of the mail is filtered twice, or not at all. Older releases end with `fatal: bind ...: Address
already in use`.

## Bad
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
inet_interfaces = 127.0.0.1, 192.0.2.25
```
```master.cf master-shared-endpoint@2
smtp inet n - n - - smtpd
127.0.0.1:25 inet n - n - - smtpd
  -o content_filter=
```

```master.cf master-shared-endpoint@2 fragment
localhost:10025 inet n - n - - smtpd
127.0.0.1:10025 inet n - n - - smtpd
  -o mynetworks=127.0.0.0/8
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
inet_interfaces = 192.0.2.25
```
```master.cf
smtp inet n - n - - smtpd
127.0.0.1:25 inet n - n - - smtpd
  -o content_filter=
```

### The address that is more exact wins
```master.cf fragment
smtp inet n - n - - smtpd
127.0.0.1:smtp inet n - n - - smtpd
  -o content_filter=
```

## When it is right
Where both entries say the same.

## References
- master(5), "Service name"; socket(7), SO_REUSEPORT
- Postfix source: util/inet_listen.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding, Related
from maillint.engine.rule import rule
from maillint.postfix.master import (
    NAME,
    active_services,
    canonical_id,
    endpoint,
    listening_addresses,
    port_number,
)
from maillint.postfix.version import Version

from .._chain import set_here
from ._entries import SHARED_PORT

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.syntax.tree import Service

_FIRST_THAT_SHARES = Version("3.6")


@rule(
    severity=ERROR,
    area="master",
    parameters=("inet_interfaces",),
    noted=("maillint_rules.master._entries", SHARED_PORT),
)
def master_shared_endpoint(config: Configuration) -> Iterator[Finding]:
    taken: dict[tuple[str, int], Service] = {}
    for service in active_services(config):
        if service.type != "inet" or endpoint(service).error:
            continue
        port = port_number(config, service)
        if port is None:
            continue
        for address in sorted(listening_addresses(config, service)):
            other = taken.setdefault((address, port), service)
            if other is not service and canonical_id(config, other) != canonical_id(config, service):
                yield _finding(config, service, other, address, port)
                break


def _finding(config: Configuration, service: Service, other: Service, address: str, port: int) -> Finding:
    place = f"port {port} of {address if address != 'all' else 'every address'}"
    outcome = "clients get one or the other at random"
    if not config.version.has(_FIRST_THAT_SHARES):
        outcome = "Postfix does not start"
    follows = not (endpoint(service).host and endpoint(other).host)
    return Finding(
        service.fields[NAME].location(),
        f"{outcome}: `{other.name}` listens on {place}, too",
        mend="remove one of the services, or give them different ports",
        services=(service.id, other.id),
        related=(
            Related(other.fields[NAME].location(), "the other service"),
            *(set_here([config.settings.get("inet_interfaces")]) if follows else ()),
        ),
    )
