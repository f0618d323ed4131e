"""The client sends from the address of loopback, from which nothing reaches other hosts.

## What happens
`smtp_bind_address` and `smtp_bind_address6` are the addresses that smtp(8) connects from. From `127.0.0.1`
there is no way out of the host: each connection fails at once (`connect to ...: Invalid argument`), and mail
stays in the queue.

## Bad
```main.cf bind-address-loopback@4
myhostname = mail.example.com
myorigin = $mydomain
relayhost = [192.0.2.1]
smtp_bind_address = 127.0.0.1
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
relayhost = [192.0.2.1]
```

A client of its own for a filter on this host:

```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
content_filter = filter:[127.0.0.1]:10024
```
```master.cf
smtp   unix - - n - - smtp
filter unix - - n - - smtp
  -o smtp_bind_address=127.0.0.1
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
  -o receive_override_options=no_address_mappings
```

## What Postfix says
```witness deliver user@example.net
postfix/smtp: connect to 192.0.2.1[192.0.2.1]:25: Invalid argument
```

## When it is right
Where all servers that the client delivers to are on this host.

## References
- postconf(5) smtp_bind_address, smtp_bind_address6
- Postfix source: smtp/smtp_connect.c smtp_connect_addr()
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.addresses import is_loopback
from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule
from maillint.postfix.host_port import address_family
from maillint.postfix.smarthost import routes

from .._chain import set_here
from .._told import told
from .._uses import ids

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, View
    from maillint.syntax.tree import Setting

_FAMILIES = {"smtp_bind_address": 4, "smtp_bind_address6": 6}


@rule(severity=ERROR, area="delivery", parameters=tuple(_FAMILIES), when_set=True, complete=True)
def bind_address_loopback(config: Configuration) -> Iterator[Finding]:
    for view, cause in _clients_for_others(config).items():
        for name, family in _FAMILIES.items():
            value = view.value(name)
            address = (value.text or "").strip("[]")
            if value.setting is None or told(value) or address_family(address) != family:
                continue
            if not is_loopback(address):
                continue
            yield Finding(
                value.setting.value.location(),
                f"the client connects by IPv{family} from `{address}`, from which it reaches this host alone:"
                " mail for others stays in the queue",
                mend=f"remove `{name}`, or write an address that others see; for a server on this host,"
                " write it as `-o` of the service that delivers there",
                parameter=name,
                related=set_here((cause,)),
                services=ids([view]),
            )


def _clients_for_others(config: Configuration) -> dict[View, Setting | None]:
    """The clients that deliver to other hosts, each with the setting that says so, if one does."""
    found = routes(config)
    clients: dict[View, Setting | None] = dict.fromkeys(found.direct)
    for route in found.routes:
        if any(not server.is_loopback for server in route.servers):
            clients.setdefault(route.view, route.value.setting)
    return clients
