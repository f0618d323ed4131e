"""A `!` in a list must stand directly before the pattern that it negates.

## What happens
`! 192.0.2.1` is two entries, and the first has no pattern. Each program that reads the list ends with
`fatal: no pattern after '!'`, as soon as it starts.

## Bad
```main.cf lone-exclamation-mark@1 fragment
mynetworks = ! 127.0.0.2, 127.0.0.0/8
```

## Good
```main.cf fragment
mynetworks = !127.0.0.2, 127.0.0.0/8
```

## What Postfix says
```witness connect
postfix/smtpd: fatal: ...: no pattern after '!'
```

## When it is right
Never.

## References
- postconf(5) mynetworks
- Postfix source: util/match_list.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule
from maillint.postfix.matchlist import NOTHING

from .._programs import EVERY
from ._patterns import placed_patterns

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="lists", noted=("maillint_rules.lists._patterns", NOTHING))
def lone_exclamation_mark(config: Configuration) -> Iterator[Finding]:
    for placed in placed_patterns(config):
        if placed.pattern.kind != NOTHING:
            continue
        item = placed.pattern.item
        everybody = placed.readers.programs == (EVERY,)
        halt = (
            "each program that reads this list stops with a fatal error" if everybody else placed.readers.halt
        )
        yield Finding(
            placed.judged.location(item.start, item.start + len(item.text)),
            f"{halt}: no pattern stands behind the `!`",
            mend="write the `!` and the pattern as one word, or remove the `!`",
            parameter=placed.parameter,
            related=placed.related,
            services=placed.readers.services,
        )
