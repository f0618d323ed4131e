"""The excluded ciphers are all that there are, or a protocol was meant.

## What happens
The list names ciphers, and groups of them, in the words of OpenSSL. With `HIGH` or `ALL` in it no cipher is
left: each TLS session fails (`error setting cipher grade`, `no cipher match`), with TLS 1.3, too.

`SSLv3`, `TLSv1` and `TLSv1.2` are groups, too: the ciphers that came with these protocols and that newer ones
use as well. Without those of `SSLv3` nobody can use TLS 1.0 or 1.1; without those of `TLSv1.2` only old
ciphers are left to TLS 1.2. Protocols are excluded elsewhere, in `smtpd_tls_protocols` and its sisters.

## Bad
```main.cf exclude-ciphers-breaks-tls@3 fragment
smtpd_tls_security_level = may
smtpd_tls_cert_file = none
smtpd_tls_exclude_ciphers = aNULL, HIGH
```

### A protocol was meant
```main.cf exclude-ciphers-breaks-tls@2 fragment
smtp_tls_security_level = may
smtp_tls_exclude_ciphers = aNULL, SSLv3
```

## Good
```main.cf fragment
smtpd_tls_security_level = may
smtpd_tls_cert_file = none
smtpd_tls_exclude_ciphers = aNULL, MD5, RC4, 3DES
```

## What Postfix says
```witness starttls
postfix/smtpd: warning: ...: error setting cipher grade: "medium"
```

## When it is right
`HIGH` and `ALL`: never.

## References
- postconf(5) smtpd_tls_exclude_ciphers; ciphers(1) of OpenSSL
- Postfix source: tls/tls_misc.c tls_set_ciphers()
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, WARNING, Finding
from maillint.engine.rule import rule
from maillint.postfix.tls import excluded_ciphers

from .._uses import each_cause, found, shown
from .._values import known_values
from ._lists import is_used
from .cipher_exclusion_operator import PARAMETERS

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_EVERYTHING = frozenset({"ALL", "HIGH"})
_PROTOCOLS = {
    "SSLv3": "all those that TLS 1.0 and 1.1 have",
    "TLSv1": "some of those that TLS 1.0 and 1.1 have",
    "TLSv1.0": "some of those that TLS 1.0 and 1.1 have",
    "TLSv1.2": "all those that came with TLS 1.2",
}
"""The names of groups of ciphers that are names of protocols, too."""


@rule(severity=ERROR, area="tls", parameters=PARAMETERS, when_set=True)
def exclude_ciphers_breaks_tls(config: Configuration) -> Iterator[Finding]:
    yield from each_cause(_findings(config))


def _findings(config: Configuration) -> Iterator[Finding]:
    for judged in known_values(config, *PARAMETERS):
        for item in excluded_ciphers(judged.text):
            place = item.start, item.end
            if item.text in _EVERYTHING:
                yield found(
                    judged,
                    f"without the ciphers of {shown(item.text)} there is none: no TLS session comes about",
                    f"remove {shown(item.text)}",
                    place=place,
                    severity=None if is_used(judged) else WARNING,
                )
            elif item.text in _PROTOCOLS:
                protocols = f"{judged.parameter.name.partition('_tls_')[0]}_tls_protocols"
                yield found(
                    judged,
                    f"{shown(item.text)} here is no protocol, but a group of ciphers:"
                    f" {_PROTOCOLS[item.text]}",
                    f"exclude the protocol in `{protocols}`",
                    place=place,
                    severity=WARNING,
                )
