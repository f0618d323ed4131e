"""Certificates are told apart by a hash that is broken.

## What happens
A client or server is known here by the fingerprint of its certificate, and the digest is `md5` or `sha1`. For
both it is known how to make two certificates with one fingerprint; who can choose what you list can list
another along with it.

## Bad
```main.cf tls-fingerprint-md5@4 fragment
smtpd_tls_security_level = may
smtpd_tls_cert_file = /etc/postfix/mail.pem
smtpd_tls_ask_ccert = yes
smtpd_tls_fingerprint_digest = md5
relay_clientcerts = hash:/etc/postfix/relay_clientcerts
smtpd_relay_restrictions = permit_tls_clientcerts, reject_unauth_destination
```

## Good
```main.cf fragment
smtpd_tls_security_level = may
smtpd_tls_cert_file = /etc/postfix/mail.pem
smtpd_tls_ask_ccert = yes
smtpd_tls_fingerprint_digest = sha256
relay_clientcerts = hash:/etc/postfix/relay_clientcerts
smtpd_relay_restrictions = permit_tls_clientcerts, reject_unauth_destination
```

### Nothing is compared
```main.cf fragment
smtpd_tls_security_level = may
smtpd_tls_cert_file = /etc/postfix/mail.pem
smtpd_tls_fingerprint_digest = md5
```

## When it is right
Nobody can make a certificate for a given fingerprint of either; until the tables have been written anew it is
likely still safe.

## References
- postconf(5) smtpd_tls_fingerprint_digest; COMPATIBILITY_README
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, WARNING, Finding
from maillint.engine.rule import rule
from maillint.postfix.tls import CLIENTS, FINGERPRINT, client_level

from .._uses import found, shown, users
from .._values import known_values
from ..restrictions._lists import judged as restrictions

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, View

_PROGRAMS = {f"{program}_tls_fingerprint_digest": program for program in ("smtpd", *CLIENTS)}
_BROKEN = {"md5": None, "sha1": INFO}
"""The severity, where it is not that of the rule."""
_COMPARE = frozenset({"permit_tls_clientcerts", "check_ccert_access"})


@rule(severity=WARNING, area="tls", parameters=tuple(_PROGRAMS), when_set=True, security=True)
def tls_fingerprint_md5(config: Configuration) -> Iterator[Finding]:
    for judged in known_values(config, *_PROGRAMS):
        digest, program = judged.text.lower(), _PROGRAMS[judged.parameter.name]
        if digest not in _BROKEN:
            continue
        views = [view for view in users(judged, program) if _compares(view, program)]
        if views:
            yield found(
                judged,
                f"certificates are known by their {shown(judged.text)}, and two can be made with the same",
                "write `sha256`, and the new fingerprints into the tables",
                users=views,
                severity=_BROKEN[digest],
            )


def _compares(view: View, program: str) -> bool:
    """Whether *program* goes by fingerprints, as far as main.cf and master.cf show."""
    if program == "smtpd":
        return any(found.restriction.name in _COMPARE for found in restrictions(view))
    is_listed = bool(view.value(f"{program}_tls_fingerprint_cert_match").text)
    return is_listed or client_level(view, program) == FINGERPRINT
