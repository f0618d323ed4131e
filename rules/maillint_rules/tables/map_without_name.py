"""Between the type of a table and its name, no blank may stand.

## What happens
`hash: /etc/aliases` is two words, and the first is a table without a name. The program that opens it ends
with `fatal: open dictionary: expecting "type:name" form`, again and again.

## Bad
```main.cf map-without-name@1 fragment
virtual_alias_maps = hash: /etc/postfix/virtual
```

```main.cf map-without-name@1 fragment
canonical_maps = pcre:
```

## Good
```main.cf fragment
virtual_alias_maps = hash:/etc/postfix/virtual
```

## What Postfix says
```witness rcpt
postfix/smtpd: fatal: open dictionary: expecting "type:name" form instead of "hash:"
```

## When it is right
Never.

## References
- postconf(5), DATABASE_README
- Postfix source: util/dict_open.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule
from maillint.postfix.tables import NO_NAME

from .._tables import problems, refused

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="tables", noted=("maillint_rules._tables", NO_NAME))
def map_without_name(config: Configuration) -> Iterator[Finding]:
    for named, problem in problems(config, NO_NAME):
        type = named.table.type
        yield refused(
            named,
            problem,
            f"`{type}:` is followed by no name",
            f"write the name directly behind `{type}:`, without a blank",
        )
