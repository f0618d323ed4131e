"""The neighbours in the network are trusted, whoever they are.

## What happens
Without `mynetworks`, `mynetworks_style` says who may relay. `subnet` trusts all hosts in the networks of this
host's interfaces: in a data centre or a cloud, these are other people's. `class` trusts the whole class A, B
or C network, up to sixteen million addresses.

## Bad
```main.cf mynetworks-public-cloud-subnet@4
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
mynetworks_style = class
```

### The own subnet
```main.cf mynetworks-public-cloud-subnet@4
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
mynetworks_style = subnet
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
mynetworks_style = host
```

```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
mynetworks = 127.0.0.0/8, [::1]/128, 10.0.0.0/24
```

## When it is right
In a network of your own, behind a firewall.

## References
- postconf(5) mynetworks_style; COMPATIBILITY_README
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, MEDIUM, WARNING, Edit, Finding, Fix
from maillint.engine.rule import rule

from ._networks import BY_STYLE, STYLE, trusted_style

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(
    severity=WARNING,
    area="relay-security",
    parameters=(STYLE,),
    when_set=True,
    noted=("maillint_rules.relay_security._networks", BY_STYLE),
    complete=True,
    security=True,
)
def mynetworks_public_cloud_subnet(config: Configuration) -> Iterator[Finding]:
    style, setting = trusted_style(config), config.main_view.setting(STYLE)
    if style and setting is not None:
        whom = "a whole class A, B or C network" if style == "class" else "every host in the same network"
        yield Finding(
            setting.value.location(),
            f"`{STYLE} = {style}` lets {whom} send mail to anywhere through this host",
            mend=f"list the networks that are yours in `mynetworks`, or write `{STYLE} = host`",
            severity=WARNING if style == "class" else INFO,
            confidence=MEDIUM,
            parameter=STYLE,
            fix=Fix("trust this host alone", (Edit(setting.value.location(), "host"),), safe=False),
        )
