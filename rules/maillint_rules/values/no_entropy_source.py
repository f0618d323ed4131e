"""tlsmgr(8) is told to take its randomness from nowhere.

## What happens
With an empty `tls_random_source`, tlsmgr(8) logs `no entropy source specified` and seeds the generators of
the other programs with what it finds by itself. TLS works, but for no reason less well.

## Bad
```main.cf no-entropy-source@1 fragment
tls_random_source =
```

## Good
```main.cf fragment
tls_random_source = dev:/dev/urandom
```

## When it is right
Never: the default is right wherever there is `/dev/urandom`.

## References
- postconf(5) tls_random_source
- Postfix source: tlsmgr/tlsmgr.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding
from maillint.engine.rule import rule

from .._values import known_values
from ._refused import or_default, related

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_NAME = "tls_random_source"


@rule(severity=WARNING, area="values", parameters=(_NAME,), when_set=True)
def no_entropy_source(config: Configuration) -> Iterator[Finding]:
    for judged in known_values(config, _NAME):
        if not judged.text:
            yield Finding(
                judged.location(),
                "`tlsmgr` has no source of randomness, and warns each time that it starts",
                mend=or_default(judged),
                parameter=_NAME,
                related=related(judged),
            )
