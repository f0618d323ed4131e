"""A grade of ciphers that is weak, or none.

## What happens
`export` and `low` let in ciphers that can be broken in hours, where OpenSSL still has them; since Postfix 3.8
the two words mean `medium`. `null` has no encryption at all: a session has a certificate and checks of
integrity, and everybody on the way can read it.

## Bad
```main.cf weak-ciphers@3 fragment postfix=3.7
smtpd_tls_security_level = may
smtpd_tls_cert_file = none
smtpd_tls_ciphers = low
```

```main.cf weak-ciphers@1 fragment
smtp_tls_mandatory_ciphers = null
```

## Good
```main.cf fragment postfix=3.7
smtpd_tls_security_level = may
smtpd_tls_cert_file = none
smtpd_tls_ciphers = medium
smtp_tls_mandatory_ciphers = high
```

## When it is right
`null` between programs of one host that want to know each other, as through a local LMTP socket.

## References
- postconf(5) smtpd_tls_mandatory_ciphers, smtp_tls_ciphers; TLS_README
- Postfix source: tls/tls_misc.c (tls_cipher_grade_table)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, WARNING, Finding
from maillint.engine.rule import rule
from maillint.postfix.tls import FIRST_WITHOUT_LOW_CIPHERS

from .._uses import each_cause, found, shown
from .._values import known_values
from .._words import WEAK_CIPHERS

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_PARAMETERS = tuple(
    f"{program}_tls_{list}"
    for program in ("smtpd", "smtp", "lmtp", "postscreen", "tlsproxy")
    for list in ("ciphers", "mandatory_ciphers")
)
_NULL = "null"


@rule(
    severity=WARNING,
    area="tls",
    parameters=_PARAMETERS,
    when_set=True,
    noted=("maillint_rules._words", WEAK_CIPHERS),
)
def weak_ciphers(config: Configuration) -> Iterator[Finding]:
    yield from each_cause(_findings(config))


def _findings(config: Configuration) -> Iterator[Finding]:
    for judged in known_values(config, *_PARAMETERS):
        grade = judged.text.lower()
        if grade == _NULL:
            yield found(judged, "these ciphers do not encrypt", "write `medium`", meant="medium", sure=False)
        elif grade in ("export", "low"):
            is_medium = config.version.has(FIRST_WITHOUT_LOW_CIPHERS)
            yield found(
                judged,
                f"{shown(judged.text)} means `medium` since Postfix {FIRST_WITHOUT_LOW_CIPHERS}"
                if is_medium
                else f"{shown(judged.text)} lets in ciphers that can be broken, where OpenSSL still has them",
                "write `medium`",
                meant="medium",
                severity=INFO if is_medium else None,
            )
