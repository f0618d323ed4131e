"""The client begins with TLS at a port where the server greets first.

## What happens
With `smtp_tls_wrappermode` smtp(8) begins with TLS as soon as it is connected. At port 587, and at port 25,
which is meant where no port is written, the server greets in plain text and offers STARTTLS: the client
takes the greeting for broken TLS (`SSL_connect error to ...`, `wrong version number`; `Cannot start TLS:
handshake failure`), and mail stays in the queue.

## Bad
```main.cf wrappermode-on-starttls-port@4
myhostname = mail.example.com
myorigin = $mydomain
relayhost = [smtp.example.org]:587
smtp_tls_wrappermode = yes
smtp_tls_security_level = encrypt
```

### In a service of its own
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
transport_maps = inline:{ example.org=smtps:[smtp.example.org] }
```
```master.cf wrappermode-on-starttls-port@3
smtp  unix - - n - - smtp
smtps unix - - n - - smtp
  -o smtp_tls_wrappermode=yes -o smtp_tls_security_level=encrypt
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
relayhost = [smtp.example.org]:587
smtp_tls_security_level = encrypt
```

```main.cf
myhostname = mail.example.com
myorigin = $mydomain
relayhost = [smtp.example.org]:465
smtp_tls_security_level = encrypt
smtp_tls_wrappermode = yes
```

## When it is right
Where the server does begin with TLS at this port, against RFC 8314 and RFC 3207. A server on the host itself
is left alone.

## References
- postconf(5) smtp_tls_wrappermode; TLS_README, "Client-side SMTPS"
- RFC 8314, sections 3.3 and 7.3
- Postfix source: smtp/smtp_proto.c smtp_helo()
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Edit, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix.smarthost import SUBMISSIONS

from ._smarthosts import MODULE, WRAPPED, Fault, faults, finding

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_WRAPPER = "smtp_tls_wrappermode"


@rule(
    severity=ERROR,
    area="delivery",
    parameters=(_WRAPPER,),
    when_set=True,
    complete=True,
    noted=(MODULE, WRAPPED),
)
def wrappermode_on_starttls_port(config: Configuration) -> Iterator[Finding]:
    for fault in faults(config, WRAPPED):
        setting = fault.view.setting(_WRAPPER)
        if setting is None:
            continue
        yield from finding(
            fault,
            f"the client begins with TLS, but `{fault.server.text}` greets in plain text, at port"
            f" {fault.server.port}, and waits for STARTTLS: mail for it stays in the queue",
            _mend(fault),
            at=setting.value.location(),
            related=(fault.route.value.setting,),
            parameter=_WRAPPER,
            fix=Fix("begin with STARTTLS", (Edit(setting.value.location(), "no"),), safe=False),
        )


def _mend(fault: Fault) -> str:
    off = f"write `{_WRAPPER} = no`"
    if fault.provider is not None and not fault.provider.wrapped:
        return off
    return f"{off}, or the port `:{SUBMISSIONS}` where the server has it"
