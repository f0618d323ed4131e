"""A list of TLS protocols that ends too early, or begins too early.

## What happens
Today's mail servers and mail programs ask for TLS 1.2 or 1.3. Where a list has neither, no session comes
about: where TLS is required no mail passes, elsewhere it goes in clear text. The usual cause is a list that
names protocols without `!`: it excludes all others, those that came later included. A client cannot leave one
out amid others either: without `TLSv1.1`, all above it is lost, too.

SSLv3 is broken, and TLS 1.0 and 1.1 must not be used any more (RFC 7568, RFC 8996). For opportunistic TLS the
rule does not mind TLS 1.0, which is better than clear text.

## Bad
```main.cf weak-tls-protocols@3 fragment
smtpd_tls_security_level = encrypt
smtpd_tls_cert_file = none
smtpd_tls_mandatory_protocols = SSLv3, TLSv1
```

### A gap: nothing above TLS 1.0
```main.cf weak-tls-protocols@2 fragment
smtp_tls_security_level = may
smtp_tls_protocols = !SSLv2, !SSLv3, !TLSv1.1
```

### SSLv3 is not excluded
```main.cf weak-tls-protocols@3 fragment
smtpd_tls_security_level = encrypt
smtpd_tls_cert_file = none
smtpd_tls_mandatory_protocols = !SSLv2
```

### TLS 1.0 where TLS is required
```main.cf weak-tls-protocols@3 fragment
smtpd_tls_security_level = encrypt
smtpd_tls_cert_file = none
smtpd_tls_mandatory_protocols = >=TLSv1
```

## Good
```main.cf fragment
smtpd_tls_security_level = may
smtpd_tls_cert_file = none
smtpd_tls_protocols = >=TLSv1
smtpd_tls_mandatory_protocols = >=TLSv1.2
smtp_tls_mandatory_protocols = !SSLv2, !SSLv3, !TLSv1, !TLSv1.1
```

## What Postfix says
```witness starttls
postfix/smtpd: warning: TLS library problem: ...:unsupported protocol:...
```

## When it is right
SSLv3 and TLS 1.0: for machines so old that they know nothing else, on a service of their own.

## References
- RFC 7568; RFC 8996; RFC 8314, section 4.1
- postconf(5) smtpd_tls_mandatory_protocols, smtp_tls_protocols
- Postfix source: tls/tls_misc.c tls_proto_mask_lims()
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, INFO, WARNING, Finding
from maillint.engine.rule import rule

from .._uses import each_cause, found
from ._lists import PARAMETERS, TOO_OLD, WEAK, are_too_old, at_least, is_used, read_protocols

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_BROKEN, _OUTDATED = "SSLv3", ("TLSv1", "TLSv1.1")


@rule(
    severity=WARNING,
    area="tls",
    parameters=PARAMETERS,
    when_set=True,
    noted=("maillint_rules.tls._lists", TOO_OLD, WEAK),
)
def weak_tls_protocols(config: Configuration) -> Iterator[Finding]:
    yield from each_cause(_findings(config))


def _findings(config: Configuration) -> Iterator[Finding]:
    for judged, protocols in read_protocols(config):
        name, used = judged.parameter.name, protocols.used
        is_mandatory = "mandatory" in name
        least = "TLSv1.2" if is_mandatory else "TLSv1"
        mend = at_least(least, config.version)
        if are_too_old(protocols):
            left = f"only {' and '.join(used)} can be used" if used else "no protocol is left"
            yield found(
                judged,
                f"{left}, and nearly everybody asks for TLSv1.2 or more: no TLS session comes about,"
                " and mail goes in clear text, or not at all",
                f"write `{mend}`",
                meant=mend,
                sure=False,
                severity=ERROR if is_mandatory and is_used(judged) else None,
            )
        elif _BROKEN in used:
            yield found(
                judged,
                "SSLv3, which is broken, is not excluded, where OpenSSL still has it",
                f"write `{mend}`",
                meant=mend,
                sure=not is_mandatory,
                severity=None if is_mandatory and is_used(judged) else INFO,
            )
        elif is_mandatory and is_used(judged) and not set(used).isdisjoint(_OUTDATED):
            yield found(
                judged,
                f"{' and '.join(name for name in used if name in _OUTDATED)} may be used, which is outdated",
                f"write `{mend}`",
                meant=mend,
                sure=False,
                severity=INFO,
            )
