"""The compatibility level is a number, or up to three with dots between them.

## What happens
Every Postfix program, `postfix start` and `postconf` included, ends with `fatal: malformed compatibility
level syntax` when the level is no `0`, `1`, `2`, `3.6` or the like. Before Postfix 3.6, a level is one whole
number.

## Bad
```main.cf bad-compatibility-level@1 fragment
compatibility_level = 3.6x
```

```main.cf bad-compatibility-level@1 fragment
compatibility_level = latest
```

## Good
```main.cf fragment
compatibility_level = 3.6
```

## What Postfix says
```witness postmap static:x
postmap: fatal: malformed compatibility level syntax: "3.6x"
```

## When it is right
Never.

## References
- postconf(5) compatibility_level; COMPATIBILITY_README
- Postfix source: global/compat_level.c
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule
from maillint.postfix.typed import TEXTS, is_level

from .._values import known_values
from ._refused import refused, shown

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_START = r"[^0-9]{0,3}([0-9]{1,3}(?:\.[0-9]{1,3}){0,2})"


@rule(
    severity=ERROR,
    area="values",
    parameters=("compatibility_level",),
    when_set=True,
    noted=("maillint_rules.values._typed", "compatibility_level"),
)
def bad_compatibility_level(config: Configuration) -> Iterator[Finding]:
    for judged in known_values(config, "compatibility_level"):
        if judged.parameter.type_in(config.version) in TEXTS and not is_level(judged.text):
            start = re.match(_START, judged.text)
            meant = start[1] if start else None
            found = refused(
                judged,
                f"{shown(judged.text)} is no compatibility level",
                f"write `{meant}`" if meant else "write the level of your version, such as `3.6`",
                meant=meant,
                sure=False,
            )
            if found is not None:
                yield found
