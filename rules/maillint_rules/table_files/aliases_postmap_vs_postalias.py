"""A colon behind a key in a table that is no table of aliases.

## What happens
In a table of aliases a colon stands between name and value, and `postalias` or `newaliases` builds it. In
all other tables white space stands there, and a colon at the end of the key is a part of the key: nobody
ever looks for `sales@example.com:`, so the entry does nothing.

## Bad
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
virtual_alias_maps = hash:/etc/postfix/virtual
```
```virtual aliases-postmap-vs-postalias@1
sales@example.com: anna@example.net
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
virtual_alias_maps = hash:/etc/postfix/virtual
```
```virtual
sales@example.com anna@example.net
```

```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
alias_maps = hash:/etc/postfix/aliases
alias_database = $alias_maps
```
```aliases
sales: anna@example.net
```

## What Postfix says
```witness postmap /etc/postfix/virtual
postmap: warning: /etc/postfix/virtual, line 1: record is in "key: value" format; is this an alias file?
```

## When it is right
When the file is a table of aliases, and `alias_maps` or `alias_database` is to name it.

## References
- postmap(1), aliases(5)
- Postfix source: postmap/postmap.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Edit, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix.table_syntax import COLON_KEY
from maillint.syntax.source import Location, Span

from .._tablefiles import finding, problems

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="table-files", tables=True, noted=("maillint_rules._tablefiles", COLON_KEY))
def aliases_postmap_vs_postalias(config: Configuration) -> Iterator[Finding]:
    for judged in problems(config, COLON_KEY):
        key = judged.problem.argument
        found = finding(
            judged,
            f"the colon is a part of the key, so nothing is found for `{key}`"
            if key
            else "the colon is the key, so the entry does nothing",
            f"write `{key}` without the colon" if key else "remove the line",
        )
        place = judged.location
        colon = Location(place.source, Span(place.span.end - 1, place.span.end))
        if key and colon.text == ":":
            found.fix = Fix("remove the colon", (Edit(colon, ""),))
        yield found
