"""A list of TLS protocols that names some to use and some to leave out.

## What happens
One name without `!` excludes all that are not named, so that the words with `!` say nothing. Whoever wrote
`TLSv1.2, TLSv1.1, !SSLv3` mostly wanted TLS 1.2 and better; TLS 1.3 is excluded by it.

## Bad
```main.cf protocols-include-and-exclude@3 fragment
smtpd_tls_security_level = may
smtpd_tls_cert_file = none
smtpd_tls_protocols = TLSv1.2, TLSv1.1, !TLSv1, !SSLv2, !SSLv3
```

## Good
```main.cf fragment
smtpd_tls_security_level = may
smtpd_tls_cert_file = none
smtpd_tls_protocols = >=TLSv1.1
smtp_tls_protocols = !SSLv2, !SSLv3
lmtp_tls_protocols = TLSv1.2, TLSv1.3
```

## When it is right
Never: what is meant can be written with less.

## References
- postconf(5) smtpd_tls_protocols
- Postfix source: tls/tls_misc.c tls_proto_mask_lims()
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, WARNING, Finding
from maillint.engine.rule import rule
from maillint.postfix.tls import protocol_names

from .._uses import each_cause, found
from ._lists import MIXED, MODERN, PARAMETERS, are_mixed, are_too_old, at_least, read_protocols

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(
    severity=WARNING,
    area="tls",
    parameters=PARAMETERS,
    when_set=True,
    noted=("maillint_rules.tls._lists", MIXED),
)
def protocols_include_and_exclude(config: Configuration) -> Iterator[Finding]:
    yield from each_cause(_findings(config))


def _findings(config: Configuration) -> Iterator[Finding]:
    for judged, protocols in read_protocols(config):
        if not are_mixed(protocols) or are_too_old(protocols):
            continue
        told = {item.text[1:].lower() for item in protocols.excluded}
        known = protocol_names(config.version)
        lost = [
            name
            for name in MODERN
            if name in known and name not in protocols.used and name.lower() not in told
        ]
        mend = at_least(protocols.used[0], config.version)
        yield found(
            judged,
            f"`{protocols.included[0].text}` without `!` excludes all protocols that are not named"
            + (f", {' and '.join(lost)} included" if lost else "")
            + f": `{protocols.excluded[0].text}` says nothing",
            f"write `{mend}`" if mend else "write names with `!` only, or without it only",
            meant=mend,
            sure=False,
            severity=None if lost else INFO,
        )
