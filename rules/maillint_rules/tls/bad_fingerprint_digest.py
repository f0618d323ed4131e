"""A digest that no OpenSSL has.

## What happens
A program that needs the digest for fingerprints warns `Digest algorithm ... not found`, and has no TLS: a
server does not offer it, a client sends in clear text or not at all.

## Bad
```main.cf bad-fingerprint-digest@3 fragment
smtpd_tls_security_level = may
smtpd_tls_cert_file = none
smtpd_tls_fingerprint_digest = sha265
```

## Good
```main.cf fragment
smtpd_tls_security_level = may
smtpd_tls_cert_file = none
smtpd_tls_fingerprint_digest = sha256
```

## What Postfix says
```witness connect
postfix/smtpd: warning: Digest algorithm "sha265" not found
```

## When it is right
Where a provider of OpenSSL brings a digest of its own.

## References
- postconf(5) smtpd_tls_fingerprint_digest
- Postfix source: tls/tls_misc.c tls_validate_digest()
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule
from maillint.nearest import nearest
from maillint.postfix.tls import DIGESTS, may_be_digest

from .._uses import found, shown
from .._values import known_values

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_PARAMETERS = (
    "smtpd_tls_fingerprint_digest",
    "smtp_tls_fingerprint_digest",
    "lmtp_tls_fingerprint_digest",
    "postscreen_tls_fingerprint_digest",
    "tlsproxy_tls_fingerprint_digest",
    "tlsproxy_client_fingerprint_digest",
)


@rule(severity=ERROR, area="tls", parameters=_PARAMETERS, when_set=True)
def bad_fingerprint_digest(config: Configuration) -> Iterator[Finding]:
    for judged in known_values(config, *_PARAMETERS):
        if judged.text and not may_be_digest(judged.text):
            meant = nearest(judged.text, DIGESTS)
            yield found(
                judged,
                f"OpenSSL has no digest {shown(judged.text)}: TLS is switched off",
                f"write `{meant}`" if meant else "write `sha256`",
                meant=meant,
                sure=False,
            )
