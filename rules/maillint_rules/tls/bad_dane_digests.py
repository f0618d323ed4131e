"""A word in tls_dane_digests that Postfix skips.

## What happens
The list has `sha256` and `sha512`, and any other digest with the number that it has in TLSA records, as in
`sha3-256=7`. Postfix warns of what it cannot read and goes on without it; servers whose only record has
that digest are then not authenticated.

## Bad
```main.cf bad-dane-digests@2 fragment
smtp_tls_security_level = may
tls_dane_digests = sha512 sha-256
```

## Good
```main.cf fragment
smtp_tls_security_level = may
tls_dane_digests = sha512 sha256, sha3-256=7
```

## What Postfix says
```witness deliver user@example.net
postfix/smtp: warning: tls_dane_digests: digest algorithm sha-256 needs an explicit number
```

## When it is right
Never.

## References
- postconf(5) tls_dane_digests
- Postfix source: tls/tls_dane.c dane_init()
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding
from maillint.engine.rule import rule
from maillint.postfix.tls import FIRST_WITH_NUMBERED_DIGESTS, dane_digest_problems

from .._uses import found, shown
from .._values import known_values

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_NAME = "tls_dane_digests"
_MEANT = {"sha-256": "sha256", "sha2-256": "sha256", "sha-512": "sha512", "sha2-512": "sha512"}


@rule(severity=WARNING, area="tls", parameters=(_NAME,), when_set=True)
def bad_dane_digests(config: Configuration) -> Iterator[Finding]:
    if not config.version.has(FIRST_WITH_NUMBERED_DIGESTS):
        return
    for judged in known_values(config, _NAME):
        for problem in dane_digest_problems(judged.text):
            item = problem.item
            meant = _MEANT.get(item.text.lower())
            yield found(
                judged,
                f"{shown(item.text)} is skipped ({problem.said.removeprefix(f'{_NAME}: ')})",
                f"write `{meant}`" if meant else "write `sha512 sha256`, or a digest with its number",
                place=(item.start, item.end),
                meant=meant,
            )
