"""An inet service with a port number that does not exist.

## What happens
Ports go from 1 to 65535. Nobody complains of a greater number: of 67625 the system takes the lower 16 bits,
so the service listens on port 2089. With 0, the system chooses a free port that nobody knows.

## Bad
```master.cf master-port-out-of-range@1 fragment
127.0.0.1:100025 inet n - n - - smtpd
```

```master.cf master-port-out-of-range@1 fragment
0 inet n - n - - smtpd
```

## Good
```master.cf fragment
127.0.0.1:10025 inet n - n - - smtpd
```

## When it is right
Never.

## References
- Postfix source: util/inet_listen.c; getaddrinfo(3) with AI_NUMERICSERV in the GNU C library
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule
from maillint.postfix.host_port import is_digits
from maillint.postfix.master import NAME, active_services, endpoint

from ._entries import UNKNOWN_PORT

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_PORTS = 1 << 16


@rule(severity=ERROR, area="master", noted=("maillint_rules.master._entries", UNKNOWN_PORT))
def master_port_out_of_range(config: Configuration) -> Iterator[Finding]:
    for service in active_services(config):
        if service.type != "inet":
            continue
        _, port, error = endpoint(service)
        if error or not is_digits(port) or 0 < int(port[-20:]) < _PORTS:
            continue
        name = service.fields[NAME]
        wrapped = int(port[-20:]) % _PORTS
        where = f"on port {wrapped}" if wrapped else "on a port that the system chooses"
        yield Finding(
            name.location(len(name.text) - len(port)),
            f"nobody finds this service: it listens {where}, for there is no port {port}",
            mend="write a port from 1 to 65535",
            services=(service.id,),
        )
