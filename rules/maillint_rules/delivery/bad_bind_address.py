"""The client is to send from something that is no address.

## What happens
`smtp_bind_address` takes one IPv4 address, `smtp_bind_address6` one IPv6 address, with or without brackets. A
name, or the name of an interface, ends smtp(8) with a fatal error at each connection: no mail leaves. An
address of the other kind cannot be used, and mail leaves from an address that the host chooses.

## Bad
```main.cf bad-bind-address@1 fragment
smtp_bind_address = eth0
relayhost = [127.0.0.1]:2525
```

```main.cf bad-bind-address@1 fragment
smtp_bind_address6 = 192.0.2.25
```

## Good
```main.cf fragment
smtp_bind_address = 192.0.2.25
smtp_bind_address6 = [2001:db8::25]
relayhost = [127.0.0.1]:2525
```

## What Postfix says
```witness deliver user@example.net
postfix/smtp: fatal: smtp_connect_addr: bad smtp_bind_address parameter: eth0: ...
```

## When it is right
Never.

## References
- postconf(5) smtp_bind_address, smtp_bind_address6
- Postfix source: smtp/smtp_connect.c smtp_connect_addr()
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, WARNING, Finding
from maillint.engine.rule import rule
from maillint.postfix.host_port import address_family

from .._uses import found, shown, users
from .._values import known_values

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_FAMILIES = {
    "smtp_bind_address": ("smtp", 4),
    "lmtp_bind_address": ("lmtp", 4),
    "smtp_bind_address6": ("smtp", 6),
    "lmtp_bind_address6": ("lmtp", 6),
}


@rule(severity=ERROR, area="delivery", parameters=tuple(_FAMILIES), when_set=True)
def bad_bind_address(config: Configuration) -> Iterator[Finding]:
    for judged in known_values(config, *_FAMILIES):
        program, wanted = _FAMILIES[judged.parameter.name]
        if not judged.text:
            continue
        address = judged.text
        if address.startswith("[") and address.endswith("]"):
            address = address[1:-1]
        family = address_family(address)
        views = users(judged, program)
        if family is None:
            yield found(
                judged,
                f"{shown(judged.text)} is no IP address: `{program}` ends with a fatal error at each"
                f" connection by IPv{wanted}",
                f"write an IPv{wanted} address of this host",
                users=views,
                severity=None if views else WARNING,
            )
        elif family != wanted:
            other = f"{program}_bind_address" + ("6" if family == 6 else "")
            yield found(
                judged,
                f"{shown(judged.text)} is an IPv{family} address: `{program}` cannot connect from it by"
                f" IPv{wanted}",
                f"write it as `{other}`",
                users=views,
                severity=WARNING,
            )
