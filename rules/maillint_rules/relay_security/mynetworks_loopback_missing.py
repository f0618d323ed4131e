"""Programs on the host itself are strangers to its SMTP server.

## What happens
Where `mynetworks` is set, it is the whole list. Without `127.0.0.0/8` a web application or a monitor that
sends over SMTP to localhost gets `Relay access denied`. Programs that use sendmail(1) do not notice.

## Bad
```main.cf mynetworks-loopback-missing@3
myhostname = mail.example.com
myorigin = $mydomain
mynetworks = 10.0.0.0/8
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
mynetworks = 127.0.0.0/8, [::1]/128, 10.0.0.0/8
```

```main.cf
# Programs on this host cannot connect at all.
myhostname = mail.example.com
myorigin = $mydomain
inet_interfaces = 10.0.0.1
mynetworks = 10.0.0.0/8
```

```main.cf
# The server has no IPv4 at all.
myhostname = mail.example.com
myorigin = $mydomain
inet_protocols = ipv6
relayhost = [smtp.example.com]
mynetworks = [::1]/128, [2001:db8::]/32
```

## When it is right
Where nothing on the host sends over SMTP, as in a container that does nothing else.

## References
- postconf(5) mynetworks; BASIC_CONFIGURATION_README, "What clients to relay mail from"
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, MEDIUM, Finding, Fix
from maillint.engine.rule import rule

from .._items import in_front
from ._networks import NETWORKS, NO_LOOPBACK, lacks_loopback, trusting

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_LOOPBACK = "127.0.0.0/8, [::1]/128"
_LISTENING = ("all", "localhost", "127.0.0.1")


@rule(
    severity=INFO,
    area="relay-security",
    parameters=(NETWORKS,),
    when_set=True,
    noted=("maillint_rules.relay_security._networks", NO_LOOPBACK),
    complete=True,
)
def mynetworks_loopback_missing(config: Configuration) -> Iterator[Finding]:
    placed = lacks_loopback(config)
    listening, protocols = (
        {item.text for item in config.main_view.items(name)} for name in ("inet_interfaces", "inet_protocols")
    )
    if not placed or listening.isdisjoint(_LISTENING) or protocols == {"ipv6"} or not trusting(placed[0]):
        return
    setting = placed[0].judged.setting
    yield Finding(
        setting.value.location(),
        "programs on this host that send over SMTP get `Relay access denied`:"
        f" `{NETWORKS}` does not have `127.0.0.1`",
        mend=f"write `{_LOOPBACK}` in front of it",
        confidence=MEDIUM,
        parameter=NETWORKS,
        fix=Fix(
            "trust this host, too",
            (in_front(setting, _LOOPBACK, setting.value.location()),),
            safe=False,
        ),
    )
