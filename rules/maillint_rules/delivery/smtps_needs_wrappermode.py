"""A relay at port 465, where TLS begins at once, by a client that waits for a greeting.

## What happens
At port 465 (`smtps`, `submissions`) the server waits for TLS to begin, and smtp(8) waits for the server to
greet, until `smtp_helo_timeout` is over: `lost connection ... while receiving the initial server greeting`.
All mail for the relay stays in the queue, and goes back to its senders after days.

With `smtp_tls_wrappermode` TLS begins at once. It is for all servers that the client speaks to; if others are
among them, the relay needs a service of its own in master.cf, with `-o smtp_tls_wrappermode=yes
-o smtp_tls_security_level=encrypt`, and a transport that names it.

## Bad
```main.cf smtps-needs-wrappermode@3
myhostname = mail.example.com
myorigin = $mydomain
relayhost = [smtp.example.org]:465
smtp_tls_security_level = may
```

```main.cf
myhostname = mail.example.com
myorigin = $mydomain
transport_maps = inline:{ example.org=smtps:[smtp.example.org]:465 }
```
```master.cf smtps-needs-wrappermode@2
smtp  unix - - n - - smtp
smtps unix - - n - - smtp -o smtp_tls_wrappermode=no
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
relayhost = [smtp.example.org]:465
smtp_tls_wrappermode = yes
smtp_tls_security_level = encrypt
```

## What Postfix says
```witness deliver user@example.net
postfix/smtp: SMTPS wrappermode (TCP port 465) requires setting "smtp_tls_wrappermode = yes", and ...
```

## When it is right
Where something between, such as a tunnel on another host, begins TLS. A tunnel on the host itself, as in
`[127.0.0.1]:465`, is left alone.

## References
- postconf(5) smtp_tls_wrappermode; TLS_README, "Client-side SMTPS"
- RFC 8314, section 3.3
- Postfix source: smtp/smtp_connect.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix.smarthost import SUBMISSION, tls_level
from maillint.postfix.tls import MAY, NONE

from .._edits import settings_written
from ._smarthosts import MODULE, ROUTES, UNWRAPPED, Fault, faults, finding, is_the_only_way

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_WRAPPER = "smtp_tls_wrappermode"
_LEVEL = "smtp_tls_security_level"


@rule(
    severity=ERROR,
    area="delivery",
    parameters=ROUTES,
    when_set=True,
    complete=True,
    noted=(MODULE, UNWRAPPED),
)
def smtps_needs_wrappermode(config: Configuration) -> Iterator[Finding]:
    for fault in faults(config, UNWRAPPED):
        setting = fault.view.setting(_WRAPPER)
        yield from finding(
            fault,
            f"`{fault.server.text}` waits for TLS to begin, and the client waits for a greeting, because"
            f" `{_WRAPPER}` is off: mail for it stays in the queue",
            _mend(fault),
            at=setting.value.location() if setting is not None and setting.service is not None else None,
            related=(setting, fault.route.value.setting),
            fix=_fix(fault),
        )


def _mend(fault: Fault) -> str:
    if fault.provider is not None and not fault.provider.wrapped:
        return f"write `[{fault.server.host}]:{SUBMISSION}`: this provider has nothing at port 465"
    if is_the_only_way(fault):
        return f"write `{_WRAPPER} = yes` and `{_LEVEL} = encrypt`"
    return (
        f"give it a service of its own in master.cf, with `-o {_WRAPPER}=yes -o {_LEVEL}=encrypt`; the client"
        " has others to deliver to"
    )


def _fix(fault: Fault) -> Fix | None:
    beside = fault.route.value.setting
    if beside is None or fault.route.entry is not None or not is_the_only_way(fault):
        return None
    if fault.provider is not None and not fault.provider.wrapped:
        return None
    wanted = {_WRAPPER: "yes"}
    if tls_level(fault.route, fault.server) in (NONE, MAY):
        wanted[_LEVEL] = "encrypt"
    edits = settings_written(fault.view, wanted, beside)
    return Fix("begin with TLS", edits) if edits is not None else None
