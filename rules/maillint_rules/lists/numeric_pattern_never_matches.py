"""An entry in a list of clients looks like addresses, but matches nobody.

## What happens
Postfix knows whole addresses and networks with a number of bits. Whatever else stands in the list is compared
with the names of clients, without a word in the log: `10.0.0`, `10.0.0.*` and `10.0.0.1-10.0.0.9` match no
client, because no host is called so.

## Bad
```main.cf numeric-pattern-never-matches@1 fragment
mynetworks = 127.0.0.0/8, 10.0.0
```

```main.cf numeric-pattern-never-matches@1 fragment
mynetworks = 127.0.0.0/8, 10.0.0.*
```

## Good
```main.cf fragment
mynetworks = 127.0.0.0/8, 10.0.0.0/24, 192.0.2.25
```

## When it is right
Never.

## References
- postconf(5) mynetworks
- Postfix source: util/match_ops.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.addresses import packed
from maillint.engine.finding import WARNING, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix.matchlist import PLAIN, address_problem, never_matches

from .._told import is_placeholder
from ._patterns import CLIENT_LISTS, NEVER_MATCHES, compares_addresses, placed_patterns

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(
    severity=WARNING,
    area="lists",
    parameters=CLIENT_LISTS,
    when_set=True,
    noted=("maillint_rules.lists._patterns", NEVER_MATCHES),
)
def numeric_pattern_never_matches(config: Configuration) -> Iterator[Finding]:
    for placed in placed_patterns(config):
        text = placed.pattern.text
        if (
            placed.pattern.kind != PLAIN
            or not compares_addresses(placed)
            or is_placeholder(text)
            or not never_matches(text)
        ):
            continue
        meant = _meant(text)
        yield Finding(
            placed.location,
            f"`{text}` in `{placed.parameter}` matches no client: it is no address and no network, so it is"
            " taken for the name of a host",
            mend=f"write `{meant}`" if meant else "write an address, or a network such as `10.0.0.0/8`",
            parameter=placed.parameter,
            related=placed.related,
            fix=Fix.write(placed.location, meant, safe=False) if meant and placed.is_written else None,
            services=placed.readers.services,
        )


def _meant(text: str) -> str | None:
    """The network that was meant by the first bytes of its addresses."""
    plain = text.rstrip(".")
    if "/" in plain:
        return plain if address_problem(plain) is None else None
    parts = [part for part in plain.split(".") if part != "*"]
    if not 0 < len(parts) < 4 or not all(part.isdecimal() for part in parts):
        return None
    network = ".".join([*parts, "0", "0", "0"][:4])
    return f"{network}/{8 * len(parts)}" if packed(network) is not None else None
