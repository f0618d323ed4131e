"""The client sends from a chosen address by IPv4, and from any by IPv6.

## What happens
`smtp_bind_address` is for IPv4 only. Where the host has IPv6 as well, mail to servers with IPv6 leaves from
whatever address the system picks. The SPF record and the name in the DNS (PTR) are for the chosen one, and
receivers that ask for these by IPv6 refuse the mail, Gmail among them.

## Bad
```main.cf bind-address-family@4
myhostname = mail.example.com
myorigin = $mydomain
inet_protocols = ipv4, ipv6
smtp_bind_address = 192.0.2.66
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
inet_protocols = ipv4, ipv6
smtp_bind_address = 192.0.2.66
smtp_bind_address6 = 2001:db8::66
```

```main.cf
myhostname = mail.example.com
myorigin = $mydomain
inet_protocols = ipv4
smtp_bind_address = 192.0.2.66
```

## When it is right
Where the host has no IPv6, or one address only by which it leaves.

## References
- postconf(5) smtp_bind_address, smtp_bind_address6, inet_protocols
- Postfix source: smtp/smtp_connect.c smtp_connect_addr()
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.addresses import is_loopback
from maillint.engine.finding import INFO, MEDIUM, Finding
from maillint.engine.rule import rule
from maillint.postfix.host_port import address_family
from maillint.postfix.smarthost import routes

from .._chain import set_here
from .._told import told
from .._uses import ids

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, View

_V4, _V6 = "smtp_bind_address", "smtp_bind_address6"
_ANY = "0.0.0.0"


@rule(severity=INFO, area="delivery", parameters=(_V4,), when_set=True, complete=True)
def bind_address_family(config: Configuration) -> Iterator[Finding]:
    for view in routes(config).direct:
        value = view.value(_V4)
        address = (value.text or "").strip("[]")
        if value.setting is None or told(value) or address_family(address) != 4 or _is_no_choice(address):
            continue
        if view.is_set(_V6) or not _speaks_ipv6(view) or _has_one_address(view):
            continue
        yield Finding(
            value.setting.value.location(),
            f"mail by IPv6 does not leave from `{address}`, but from an address that the system picks:"
            f" `{_V6}` is not set, and `inet_protocols` has IPv6",
            mend=f"write `{_V6}` with the IPv6 address that the SPF record and the DNS name, or"
            " `inet_protocols = ipv4` if there is none",
            confidence=MEDIUM,
            parameter=_V6,
            related=set_here((view.setting("inet_protocols"),)),
            services=ids([view]),
        )


def _is_no_choice(address: str) -> bool:
    return address == _ANY or is_loopback(address)


def _speaks_ipv6(view: View) -> bool:
    """Whether somebody wrote so: the default is ``all`` where there is IPv6 and where there is none."""
    if not view.is_set("inet_protocols"):
        return False
    return not {item.text.lower() for item in view.items("inet_protocols")}.isdisjoint(("all", "ipv6"))


def _has_one_address(view: View) -> bool:
    """Whether ``inet_interfaces`` has one IPv6 address, which the client then binds to."""
    addresses = [item.text.strip("[]") for item in view.items("inet_interfaces")]
    return sum(address_family(address) == 6 for address in addresses) == 1
