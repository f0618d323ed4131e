"""Mail for others is sent to this host itself.

## What happens
The relay, or the next hop of a table, is this host at port 25: its own name in brackets, an address that it
listens on, or loopback. smtp(8) notices, by the address or by the name with which the server greets, and
sends nothing: `mail for ... loops back to myself`. It stays in the queue, or comes back to its senders.

A program on this host that takes mail, such as a filter or a tunnel, has a port of its own.

## Bad
```main.cf relayhost-loops@3
myhostname = mail.example.com
myorigin = $mydomain
relayhost = [127.0.0.1]
```

```main.cf relayhost-loops@3
myhostname = mail.example.com
myorigin = $mydomain
relayhost = [mail.example.com]
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
relayhost = [smtp.example.org]
```

```main.cf
myhostname = mail.example.com
myorigin = $mydomain
relayhost = [127.0.0.1]:10025
```

```main.cf
myhostname = mail.example.com
myorigin = $mydomain
inet_interfaces = 192.0.2.25
relayhost = [127.0.0.1]
```

## What Postfix says
```witness deliver user@example.net
postfix/smtp: ...: to=<user@example.net>, ... (mail for 127.0.0.1 loops back to myself)
```

## When it is right
Never.

## References
- postconf(5) relayhost, inet_interfaces, proxy_interfaces
- Postfix source: smtp/smtp_addr.c smtp_host_addr(), smtp/smtp_proto.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, WARNING, Finding
from maillint.engine.rule import rule

from ._smarthosts import LOOP, MODULE, ROUTES, faults, finding

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="delivery", parameters=ROUTES, when_set=True, complete=True, noted=(MODULE, LOOP))
def relayhost_loops(config: Configuration) -> Iterator[Finding]:
    for fault in faults(config, LOOP):
        name = fault.view.value("myhostname").text or ""
        if fault.server.text.lower() == name.lower() and fault.route.parameter == "relayhost":
            continue  # Postfix does not even start: relayhost-is-myhostname.
        is_sure = fault.server.host != name.lower() or not fault.server.is_domain
        yield from finding(
            fault,
            f"`{fault.server.text}` is this host: mail that {fault.route.where} sends there `loops back to"
            " myself`, says the client, and goes nowhere",
            "write the relay's name, or the port of the program on this host that takes the mail"
            if fault.server.is_loopback
            else "write the relay's name",
            severity=None if is_sure else WARNING,
        )
