"""A key that cannot belong to the certificate.

## What happens
Each directory below `/etc/letsencrypt/live` has a certificate with a key of its own. With the certificate of
one and the key of another, or a file in the place of the other, Postfix warns `disabling TLS support`, and a
server has no TLS: it answers `454 4.7.0 TLS not available` or, where TLS is required, takes no mail.

## Bad
```main.cf certificate-key-mismatch@3 fragment
smtpd_tls_security_level = may
smtpd_tls_cert_file = /etc/letsencrypt/live/mail.example.com/fullchain.pem
smtpd_tls_key_file = /etc/letsencrypt/live/www.example.com/privkey.pem
```

### The wrong file
```main.cf certificate-key-mismatch@3 fragment
smtpd_tls_security_level = may
smtpd_tls_cert_file = /etc/letsencrypt/live/mail.example.com/fullchain.pem
smtpd_tls_key_file = /etc/letsencrypt/live/mail.example.com/fullchain.pem
```

## Good
```main.cf fragment
smtpd_tls_security_level = may
smtpd_tls_cert_file = /etc/letsencrypt/live/mail.example.com/fullchain.pem
smtpd_tls_key_file = /etc/letsencrypt/live/mail.example.com/privkey.pem
```

## When it is right
Where somebody has put links into these directories.

## References
- postconf(5) smtpd_tls_key_file; TLS_README
- Postfix source: tls/tls_certkey.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, MEDIUM, Finding
from maillint.engine.rule import VIEW, rule

from .._chain import set_here
from .._told import told
from .._uses import clients_of
from .._words import BY_CLIENT
from ._lists import consequence
from ._pem import KEY, lineage, made_by_client

if TYPE_CHECKING:
    from maillint.postfix.configuration import View

_PROGRAMS = ("smtpd", "smtp", "lmtp")
_PAIRS = (("cert_file", "key_file"), ("eccert_file", "eckey_file"))
_PARAMETERS = tuple(f"{program}_tls_{file}" for program in _PROGRAMS for pair in _PAIRS for file in pair)


@rule(
    severity=ERROR,
    area="tls",
    parameters=_PARAMETERS,
    when_set=True,
    noted=("maillint_rules._words", BY_CLIENT),
    each=VIEW,
)
def certificate_key_mismatch(view: View) -> Iterator[Finding]:
    programs = [*(["smtpd"] if view.daemon in ("smtpd", None) else []), *clients_of(view)]
    for program in programs:
        for pair in _PAIRS:
            certificate, key = (f"{program}_tls_{file}" for file in pair)
            yield from _judge(view, certificate, key, consequence(f"{program}_"))


def _judge(view: View, certificate: str, key: str, effect: str) -> Iterator[Finding]:
    first, second = view.value(certificate), view.value(key)
    if not first.text or not second.text or told(first) or told(second):
        return
    kinds = made_by_client(first.text), made_by_client(second.text)
    owners = lineage(first.text), lineage(second.text)
    if kinds[0] == KEY:
        value, name, why = first, certificate, "this is the key, not the certificate"
    elif kinds[1] not in ("", KEY):
        value, name, why = second, key, "this is the certificate, not the key"
    elif all(owners) and owners[0] != owners[1]:
        value, name, why = second, key, f"this is the key of `{owners[1]}`, not of `{owners[0]}`"
    else:
        return
    other = first if value is second else second
    location = value.location() or other.location()
    if location is not None:
        yield Finding(
            location,
            f"{why}: {effect}",
            mend=f"write `{_meant(name, first.text if kinds[0] != KEY else second.text)}`",
            confidence=MEDIUM,
            parameter=name,
            related=set_here((*first.chain, *second.chain), but=location),
        )


def _meant(name: str, path: str) -> str:
    """The file that belongs into the parameter *name*, beside *path*."""
    file = "privkey.pem" if name.endswith("key_file") else "fullchain.pem"
    return f"{name} = {path.rpartition('/')[0]}/{file}"
