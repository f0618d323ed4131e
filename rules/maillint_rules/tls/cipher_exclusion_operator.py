"""A list of excluded ciphers with an operator in front of a name.

## What happens
The lists name the ciphers that are not to be used: `RC4`, not `!RC4`. For a name that begins with `!`, `+`,
`-` or `@` no TLS session comes about: the server says `454 4.7.0` or hangs up, and clients go on in clear
text or give up.

## Bad
```main.cf cipher-exclusion-operator@3 fragment
smtpd_tls_security_level = may
smtpd_tls_cert_file = none
smtpd_tls_exclude_ciphers = aNULL, !RC4
```

## Good
```main.cf fragment
smtpd_tls_security_level = may
smtpd_tls_cert_file = none
smtpd_tls_exclude_ciphers = RC4, 3DES+SHA1
```

## What Postfix says
```witness starttls
postfix/smtpd: warning: ...: invalid unary '!+-@' in cipher exclusion: !RC4
```

## When it is right
Never.

## References
- postconf(5) smtpd_tls_exclude_ciphers, smtp_tls_exclude_ciphers
- Postfix source: tls/tls_misc.c tls_set_ciphers()
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, WARNING, Finding
from maillint.engine.rule import rule
from maillint.postfix.tls import cipher_exclusion_problems

from .._uses import each_cause, found, shown
from .._values import judged_values
from ._lists import is_used

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

PARAMETERS = tuple(
    f"{program}_tls_{list}"
    for program in ("smtpd", "smtp", "lmtp", "postscreen", "tlsproxy")
    for list in ("exclude_ciphers", "mandatory_exclude_ciphers")
)


@rule(severity=ERROR, area="tls", parameters=PARAMETERS, when_set=True)
def cipher_exclusion_operator(config: Configuration) -> Iterator[Finding]:
    yield from each_cause(_findings(config))


def _findings(config: Configuration) -> Iterator[Finding]:
    for judged in judged_values(config):
        if judged.parameter.kind != "tls-exclusions" or not judged.value.text:
            continue
        for item in cipher_exclusion_problems(judged.text):
            meant = item.text.lstrip("!-") or None
            yield found(
                judged,
                f"{shown(item.text)} begins with `{item.text[0]}`, which this list does not know:"
                " no TLS session comes about",
                f"write `{meant}`: what stands here is excluded"
                if meant
                else "write the names of ciphers alone",
                place=(item.start, item.end),
                meant=meant if item.text.startswith("!") and meant and meant[0] not in "+-@" else None,
                severity=None if is_used(judged) else WARNING,
            )
