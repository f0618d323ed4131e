"""The host speaks IPv6 only, and most mail servers have IPv4 only.

## What happens
With `inet_protocols = ipv6` Postfix neither listens on IPv4 nor sends by it. Mail to a domain whose mail
servers have no IPv6 address is not delivered (`Network is unreachable`, or `unable to look up host`), and
their mail does not get here.

## Bad
```main.cf inet-protocols-ipv6-only@3
myhostname = mail.example.com
myorigin = $mydomain
inet_protocols = ipv6
compatibility_level = 3.6
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
inet_protocols = all
compatibility_level = 3.6
```

```main.cf
# The relay has both.
myhostname = web01.example.com
myorigin = $mydomain
inet_protocols = ipv6
inet_interfaces = loopback-only
relayhost = [smtp.example.com]
compatibility_level = 3.6
```

## When it is right
In a network that translates (NAT64) and has mail servers for both in front.

## References
- postconf(5) inet_protocols
- IPV6_README
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import MEDIUM, WARNING, Finding
from maillint.engine.rule import rule

from .._words import NOT_IPV4
from ._names import delivers_directly, smtp_client

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(
    severity=WARNING,
    area="identity",
    parameters=("inet_protocols",),
    when_set=True,
    noted=("maillint_rules._words", NOT_IPV4),
)
def inet_protocols_ipv6_only(config: Configuration) -> Iterator[Finding]:
    value = smtp_client(config).value("inet_protocols")
    if value.setting is None or value.text != "ipv6" or not delivers_directly(config):
        return
    yield Finding(
        value.setting.value.location(),
        "mail to domains whose mail servers have IPv4 only, which are most, is not delivered",
        mend="write `inet_protocols = all`",
        confidence=MEDIUM,
        parameter="inet_protocols",
    )
