"""Clients get the certificate of the host without those that lead to a known authority.

## What happens
The client of the certification authority makes two files: `cert.pem` has the certificate of the host only,
`fullchain.pem` that of the authority that issued it, too. With the first, mail programs say that the
certificate cannot be verified, and mail servers that check certificates (DANE-TA, MTA-STS, `verify`) keep
their mail.

## Bad
```main.cf certificate-without-chain@2 fragment
smtpd_tls_security_level = may
smtpd_tls_cert_file = /etc/letsencrypt/live/mail.example.com/cert.pem
smtpd_tls_key_file = /etc/letsencrypt/live/mail.example.com/privkey.pem
```

## Good
```main.cf fragment
smtpd_tls_security_level = may
smtpd_tls_cert_file = /etc/letsencrypt/live/mail.example.com/fullchain.pem
smtpd_tls_key_file = /etc/letsencrypt/live/mail.example.com/privkey.pem
```

### OpenSSL finds the rest here
```main.cf fragment
smtpd_tls_security_level = may
smtpd_tls_cert_file = /etc/letsencrypt/live/mail.example.com/cert.pem
smtpd_tls_key_file = /etc/letsencrypt/live/mail.example.com/privkey.pem
smtpd_tls_CAfile = /etc/letsencrypt/live/mail.example.com/chain.pem
```

## When it is right
Never.

## References
- postconf(5) smtpd_tls_cert_file, smtpd_tls_CAfile; TLS_README, "Server-side certificate and private key"
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Edit, Finding, Fix
from maillint.engine.rule import VIEW, rule
from maillint.postfix.tls import ENCRYPT, MAY, PUBLIC_AUTHORITIES, server_level

from .._told import told
from .._words import BY_CLIENT
from ._pem import LEAF, made_by_client

if TYPE_CHECKING:
    from maillint.postfix.configuration import View

_PARAMETERS = ("smtpd_tls_cert_file", "smtpd_tls_eccert_file", "smtpd_tls_chain_files")


@rule(
    severity=WARNING,
    area="tls",
    parameters=_PARAMETERS,
    when_set=True,
    noted=("maillint_rules._words", BY_CLIENT),
    each=VIEW,
)
def certificate_without_chain(view: View) -> Iterator[Finding]:
    if view.daemon not in ("smtpd", None) or server_level(view) not in (MAY, ENCRYPT) or _finds_rest(view):
        return
    for name in _PARAMETERS:
        value = view.value(name)
        if value.setting is None or told(value):
            continue
        for item in value.items(braces=False):
            if made_by_client(item.text) != LEAF or item.location is None:
                continue
            whole = item.text.replace("/cert", "/fullchain")
            is_written = item.location.text == item.text
            yield Finding(
                item.location,
                "clients do not get the certificates that lead from this one to a known authority: mail"
                " programs warn their users, and servers that check it keep their mail",
                mend=f"write `{whole}`",
                parameter=name,
                fix=Fix("send the whole chain", (Edit(item.location, whole),)) if is_written else None,
            )


def _finds_rest(view: View) -> bool:
    """Whether OpenSSL may complete the chain by the authorities that smtpd trusts."""
    texts = [view.value(f"smtpd_tls_{kind}").text for kind in ("CAfile", "CApath")]
    return any(text is None or (text and text.rstrip("/") not in PUBLIC_AUTHORITIES) for text in texts)
