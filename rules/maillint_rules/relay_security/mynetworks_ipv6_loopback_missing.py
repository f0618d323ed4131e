"""Programs on the host are trusted over IPv4, and strangers over IPv6.

## What happens
On most systems `localhost` is `::1` before it is `127.0.0.1`. A web application that sends by SMTP to
localhost then comes from `::1`, and gets `Relay access denied`.

## Bad
```main.cf mynetworks-ipv6-loopback-missing@3
myhostname = mail.example.com
myorigin = $mydomain
mynetworks = 127.0.0.0/8
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
mynetworks = 127.0.0.0/8, [::1]/128
```

```main.cf
# The server has no IPv6 at all.
myhostname = mail.example.com
myorigin = $mydomain
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
```

## When it is right
Where nothing on the host sends over SMTP, or the host has no IPv6.

## References
- postconf(5) mynetworks, inet_protocols
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, MEDIUM, Finding, Fix
from maillint.engine.rule import rule

from .._items import appended
from ._networks import NETWORKS, NO_IPV6_LOOPBACK, lacks_ipv6_loopback, trusting

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_LOOPBACK = "[::1]/128"
_LISTENING = ("all", "loopback-only", "localhost", "::1", "[::1]")


@rule(
    severity=INFO,
    area="relay-security",
    parameters=(NETWORKS,),
    when_set=True,
    noted=("maillint_rules.relay_security._networks", NO_IPV6_LOOPBACK),
    complete=True,
)
def mynetworks_ipv6_loopback_missing(config: Configuration) -> Iterator[Finding]:
    placed = lacks_ipv6_loopback(config)
    listening, protocols = (
        {item.text for item in config.main_view.items(name)} for name in ("inet_interfaces", "inet_protocols")
    )
    if not placed or listening.isdisjoint(_LISTENING) or protocols.isdisjoint(("all", "ipv6")):
        return
    if not trusting(placed[0], loopback=True):
        return
    setting = placed[0].judged.setting
    yield Finding(
        setting.value.location(),
        "programs on this host that send to `localhost` over IPv6 get `Relay access denied`:"
        f" `{NETWORKS}` has `127.0.0.1`, but not `::1`",
        mend=f"write `{_LOOPBACK}`, too, or `inet_protocols = ipv4`",
        confidence=MEDIUM,
        parameter=NETWORKS,
        fix=Fix(
            "trust this host over IPv6, too",
            (appended(setting, _LOOPBACK),),
        ),
    )
