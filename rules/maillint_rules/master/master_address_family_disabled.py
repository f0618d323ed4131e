"""A service listens on an address of a family that inet_protocols turns off.

## What happens
With `inet_protocols = ipv4`, an IPv6 address is no address for Postfix. master(8) ends with `fatal: bad
hostname or network address` when a service has one in its name: Postfix does not start.

## Bad
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
inet_protocols = ipv4
```
```master.cf master-address-family-disabled@2
127.0.0.1:10025 inet n - n - - smtpd
[::1]:10025 inet n - n - - smtpd
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
inet_protocols = all
```
```master.cf
127.0.0.1:10025 inet n - n - - smtpd
[::1]:10025 inet n - n - - smtpd
```

## What Postfix says
```witness start
postfix/master: fatal: /etc/postfix/master.cf: line ...: bad hostname or network address: [::1]:10025
```

## When it is right
Never.

## References
- postconf(5) inet_protocols
- Postfix source: master/master_ent.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule
from maillint.postfix.host_port import address_family
from maillint.postfix.master import NAME, active_services, disabled_families, endpoint

from .._chain import set_here
from ._entries import OWN_HOST

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(
    severity=ERROR,
    area="master",
    parameters=("inet_protocols",),
    when_set=True,
    noted=("maillint_rules.master._entries", OWN_HOST),
)
def master_address_family_disabled(config: Configuration) -> Iterator[Finding]:
    disabled = disabled_families(config)
    if len(disabled) != 1:
        return
    for service in active_services(config):
        if service.type != "inet":
            continue
        host, _, error = endpoint(service)
        family = address_family(host)
        if not error and family in disabled:
            yield Finding(
                service.fields[NAME].location(),
                f"Postfix does not start: `inet_protocols` turns IPv{family} off, and `{host}` is one",
                mend=f"remove the entry, or add `ipv{family}` to `inet_protocols`",
                parameter="inet_protocols",
                services=(service.id,),
                related=set_here(config.main_view.value("inet_protocols").chain),
            )
