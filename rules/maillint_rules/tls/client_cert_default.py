"""The client shows a certificate to everybody.

## What happens
smtp(8) shows the certificate in `smtp_tls_cert_file` to each server that asks for one. Nobody needs it but a
relay that knows its clients by it; some servers end the session because they do not like it. Postfix's manual
says: none, unless you must. Encryption does not need it.

## Bad
```main.cf client-cert-default@4
myhostname = mail.example.com
myorigin = example.com
smtp_tls_security_level = may
smtp_tls_cert_file = /etc/ssl/certs/mail.example.com.pem
smtp_tls_key_file = /etc/ssl/private/mail.example.com.key
compatibility_level = 3.6
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = example.com
smtp_tls_security_level = may
compatibility_level = 3.6
```

### The relay knows its clients by their certificates
```main.cf
myhostname = mail.example.com
myorigin = example.com
relayhost = [relay.example.net]:587
smtp_tls_security_level = encrypt
smtp_tls_cert_file = /etc/ssl/certs/mail.example.com.pem
smtp_tls_key_file = /etc/ssl/private/mail.example.com.key
compatibility_level = 3.6
```

## When it is right
Where some partner demands it; put it into the master.cf entry of a transport of its own.

## References
- postconf(5) smtp_tls_cert_file
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, Finding
from maillint.engine.rule import rule
from maillint.postfix.sender import DIRECT, default_route

from .._uses import found
from .._values import known_values

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_PARAMETERS = ("smtp_tls_cert_file", "smtp_tls_eccert_file", "smtp_tls_chain_files")
_NEEDED_FOR_SOME = ("transport_maps", "smtp_tls_policy_maps")


@rule(severity=INFO, area="tls", parameters=_PARAMETERS, when_set=True, complete=True)
def client_cert_default(config: Configuration) -> Iterator[Finding]:
    if default_route(config).kind != DIRECT:
        return
    if any(config.main_view.value(name).text != "" for name in _NEEDED_FOR_SOME):
        return
    for judged in known_values(config, *_PARAMETERS):
        if judged.text and judged.view.service is None:
            yield found(
                judged,
                "each server that asks is shown this certificate: none needs it, and some end the session",
                "remove the line",
            )
