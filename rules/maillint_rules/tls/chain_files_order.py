"""A certificate stands before its key.

## What happens
In `smtpd_tls_chain_files` each key stands in front of its certificate and the certificates behind that. In
another order Postfix warns `error loading chain from ...: key not first`, and has no TLS: a server does not
offer it, a client sends in clear text or not at all.

## Bad
```main.cf chain-files-order@3 fragment
smtpd_tls_security_level = may
smtpd_tls_chain_files =
  /etc/letsencrypt/live/mail.example.com/fullchain.pem,
  /etc/letsencrypt/live/mail.example.com/privkey.pem
```

### Two keys in a row
```main.cf chain-files-order@2 fragment
smtpd_tls_security_level = may
smtpd_tls_chain_files = /etc/ssl/private/rsa.key, /etc/ssl/private/ec.key, /etc/ssl/rsa.crt, /etc/ssl/ec.crt
```

## Good
```main.cf fragment
smtpd_tls_security_level = may
smtpd_tls_chain_files =
  /etc/letsencrypt/live/mail.example.com/privkey.pem,
  /etc/letsencrypt/live/mail.example.com/fullchain.pem
```

```main.cf fragment
smtpd_tls_security_level = may
smtpd_tls_chain_files = /etc/postfix/rsa.pem, /etc/postfix/ec.pem
```

## When it is right
Where a file has a key in it although its name says otherwise.

## References
- postconf(5) smtpd_tls_chain_files
- Postfix source: tls/tls_certkey.c load_cert(), load_pkey()
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, MEDIUM, WARNING, Edit, Finding, Fix
from maillint.engine.rule import rule

from .._uses import found, shown
from .._values import known_values
from .._words import CHAIN_FILES, SEVERAL
from ._lists import consequence
from ._pem import CERTIFICATES, KEY, kind_of

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, Item

    from .._values import Judged


@rule(
    severity=ERROR,
    area="tls",
    parameters=CHAIN_FILES,
    when_set=True,
    noted=("maillint_rules._words", SEVERAL),
)
def chain_files_order(config: Configuration) -> Iterator[Finding]:
    for judged in known_values(config, *CHAIN_FILES):
        items = judged.value.items(braces=False)
        kinds = [kind_of(item.text) for item in items]
        name = judged.parameter.name
        if kinds and kinds[0] in CERTIFICATES and KEY in kinds:
            key = items[kinds.index(KEY)]
            finding = found(
                judged,
                f"{shown(items[0].text)} stands before the key {shown(key.text)}: {consequence(name)}",
                "write the key first, then its certificate",
                place=(items[0].start, items[0].start + len(items[0].text)),
            )
            finding.fix = _swapped(judged, items)
        elif (at := _lonely_key(kinds)) is not None:
            finding = found(
                judged,
                f"the key {shown(items[at].text)} is not followed by a certificate: {consequence(name)}",
                "write each key in front of its certificate",
                place=(items[at].start, items[at].start + len(items[at].text)),
            )
        else:
            continue
        finding.confidence = MEDIUM
        finding.severity = WARNING if "client" in name else None
        yield finding


def _lonely_key(kinds: list[str]) -> int | None:
    """The place of a key with another behind it, where certificates come later."""
    return next(
        (
            at
            for at in range(len(kinds) - 2)
            if kinds[at] == kinds[at + 1] == KEY and any(kind in CERTIFICATES for kind in kinds[at + 2 :])
        ),
        None,
    )


def _swapped(judged: Judged, items: list[Item]) -> Fix | None:
    """The fix for one certificate and one key."""
    if len(items) != 2:
        return None
    places = [item.location for item in items]
    edits = tuple(
        Edit(place, other.text)
        for place, item, other in zip(places, items, reversed(items), strict=True)
        if place is not None and place.text == item.text
    )
    return Fix("write the key first", edits) if len(edits) == 2 else None
