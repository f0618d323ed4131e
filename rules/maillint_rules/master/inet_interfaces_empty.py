"""No address to listen on, for services that follow inet_interfaces.

## What happens
A service of the type `inet` whose name is a port alone listens on the addresses of `inet_interfaces`. When
that is empty, master(8) ends: Postfix does not start. To have no service on the network, leave
`inet_interfaces` as it is, and comment the services out in master.cf; or write `loopback-only`.

## Bad
```main.cf inet-interfaces-empty@4
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
inet_interfaces =
```
```master.cf
2525 inet n - n - - smtpd
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
inet_interfaces = loopback-only
```
```master.cf
2525 inet n - n - - smtpd
```

### Every service has an address
```main.cf fragment
inet_interfaces =
```
```master.cf
127.0.0.1:2525 inet n - n - - smtpd
```

## What Postfix says
```witness start
postfix/master: fatal: /etc/postfix/master.cf: line ...: no valid IP address found: ...
```

## When it is right
Where each inet service of master.cf has an address of its own.

## References
- postconf(5) inet_interfaces
- Postfix source: master/master_ent.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Edit, Finding, Fix, Related
from maillint.engine.rule import rule
from maillint.postfix.master import NAME, active_services, endpoint

from ._entries import NOWHERE

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(
    severity=ERROR,
    area="master",
    parameters=("inet_interfaces",),
    when_set=True,
    noted=("maillint_rules.master._entries", NOWHERE),
)
def inet_interfaces_empty(config: Configuration) -> Iterator[Finding]:
    value = config.main_view.value("inet_interfaces")
    if value.setting is None or value.text != "":
        return
    hit = [
        service
        for service in active_services(config)
        if service.type == "inet" and endpoint(service)[::2] == ("", "")
    ]
    if hit:
        literal = value.setting.value.text == ""
        fix = Fix("listen on loopback", (Edit(value.setting.value.location(), " loopback-only"),), safe=False)
        yield Finding(
            value.setting.name_location,
            f"Postfix does not start: `inet_interfaces` is empty, and `{hit[0].id}` follows it",
            mend="write `inet_interfaces = loopback-only`, or `all`",
            parameter="inet_interfaces",
            services=tuple(service.id for service in hit),
            related=(Related(hit[0].fields[NAME].location(), "this service has no address of its own"),),
            fix=fix if literal else None,
        )
