"""A program that hands mail to another host speaks the wrong kind of TLS for the port.

## What happens
On port 465 TLS begins with the first byte. Who waits there for a greeting first, to ask for STARTTLS, waits
until one side gives up. On port 587 and 25 the server greets in the clear, and who begins with TLS at once
gets an error instead of a handshake. Either way no message leaves.

## Bad
```main.cf
compatibility_level = 3.6
myhostname = www.example.com
myorigin = $mydomain
```
```../msmtprc mail-client-tls-port@5
defaults
tls on
account provider
host smtp.example.com
port 465
from www@example.com
account default : provider
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = www.example.com
myorigin = $mydomain
```
```../msmtprc
defaults
tls on
account provider
host smtp.example.com
port 465
tls_starttls off
from www@example.com
account default : provider
```

### sSMTP
```main.cf
compatibility_level = 3.6
myhostname = www.example.com
myorigin = $mydomain
```
```../ssmtp/ssmtp.conf
mailhub=smtp.example.com:587
UseTLS=YES
UseSTARTTLS=YES
```

## When it is right
Where the server has other services on these ports.

## References
- RFC 8314, 3.3; msmtp(1) tls_starttls; ssmtp.conf(5); nullmailer-send(8)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding, Related
from maillint.engine.rule import rule
from maillint.postfix.neighbours.clients import IMPLICIT

from ._around import AROUND, CLIENTS

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.syntax.source import Location

_IMPLICIT_PORTS = frozenset({"465", "smtps", "submissions"})
_OTHER_PORTS = frozenset({"25", "587", "smtp", "submission"})


@rule(severity=ERROR, area="neighbours", noted=(AROUND, CLIENTS))
def mail_client_tls_port(config: Configuration) -> Iterator[Finding]:
    told: set[Location] = set()
    for client in config.neighbours.clients:
        if client.port in _IMPLICIT_PORTS and client.tls != IMPLICIT:
            what = "waits for a greeting, and port 465 begins with TLS"
        elif client.port in _OTHER_PORTS and client.tls == IMPLICIT:
            what = f"begins with TLS, and port {client.port} begins with a greeting in the clear"
        else:
            continue
        if client.port_location in told:
            continue
        told.add(client.port_location)
        yield Finding(
            client.port_location,
            f"{client.program} {what}: no message leaves",
            mend=f"write `{client.form}`, or take the other port",
            related=(Related(client.tls_location, "this says how TLS begins"),)
            if client.tls_location
            else (),
        )
