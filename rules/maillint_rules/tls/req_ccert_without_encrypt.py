"""Clients are to show a certificate, but need not even use TLS.

## What happens
`smtpd_tls_req_ccert` has an effect only where TLS is required. At the level `may` smtpd(8) warns
`Can't require client certs unless TLS is required`, and asks no client for a certificate.

## Bad
```main.cf req-ccert-without-encrypt@3 fragment
smtpd_tls_security_level = may
smtpd_tls_cert_file = /etc/ssl/mail.example.com.pem
smtpd_tls_req_ccert = yes
```

## Good
```main.cf fragment
smtpd_tls_security_level = encrypt
smtpd_tls_cert_file = /etc/ssl/mail.example.com.pem
smtpd_tls_req_ccert = yes
```

## What Postfix says
```witness connect
postfix/smtpd: warning: Can't require client certs unless TLS is required
```

## When it is right
Never: `smtpd_tls_ask_ccert = yes` asks for a certificate without insisting on one.

## References
- postconf(5) smtpd_tls_req_ccert
- Postfix source: smtpd/smtpd.c pre_jail_init()
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding
from maillint.engine.rule import VIEW, rule
from maillint.postfix.tls import MAY, server_level

from .._chain import set_here
from .._told import told

if TYPE_CHECKING:
    from maillint.postfix.configuration import View


@rule(severity=WARNING, area="tls", parameters=("smtpd_tls_req_ccert",), when_set=True, each=VIEW)
def req_ccert_without_encrypt(view: View) -> Iterator[Finding]:
    required = view.value("smtpd_tls_req_ccert")
    if view.daemon not in ("smtpd", None) or required.setting is None or told(required):
        return
    if view.boolean("smtpd_tls_req_ccert") and server_level(view) == MAY:
        yield Finding(
            required.setting.value.location(),
            "no client is asked for a certificate: one can be required only where TLS is, and here it is not",
            mend="write `smtpd_tls_security_level = encrypt`, or `smtpd_tls_ask_ccert = yes` instead of this",
            parameter="smtpd_tls_req_ccert",
            related=set_here((view.setting("smtpd_tls_security_level"),)),
        )
