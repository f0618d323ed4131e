"""Without a network protocol, no service listens on the network.

## What happens
An empty `inet_protocols` turns IPv4 and IPv6 off. master(8) warns, `all network protocols are disabled`,
and starts none of the services of the type `inet`; nor can smtp(8) connect anywhere.

## Bad
```main.cf inet-protocols-empty@4
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
inet_protocols =
```
```master.cf
smtp inet n - n - - smtpd
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
inet_protocols = ipv4
```
```master.cf
smtp inet n - n - - smtpd
```

## What Postfix says
```witness start
postfix/master: warning: all network protocols are disabled (inet_protocols = )
```

## When it is right
On a host that gets and delivers all mail without a network.

## References
- postconf(5) inet_protocols
- Postfix source: master/master_ent.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding
from maillint.engine.rule import rule
from maillint.postfix.master import active_services

from ._entries import NOWHERE

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(
    severity=WARNING,
    area="master",
    parameters=("inet_protocols",),
    when_set=True,
    noted=("maillint_rules.master._entries", NOWHERE),
)
def inet_protocols_empty(config: Configuration) -> Iterator[Finding]:
    value = config.main_view.value("inet_protocols")
    if value.setting is None or value.text is None or value.text.replace(",", " ").strip():
        return
    services = [service.id for service in active_services(config) if service.type == "inet"]
    if services:
        yield Finding(
            value.setting.name_location,
            f"all network protocols are off, so `{services[0]}` does not run, and no mail leaves by SMTP",
            mend="write `inet_protocols = all`",
            parameter="inet_protocols",
            services=tuple(services),
        )
