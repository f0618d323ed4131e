"""A key that stands in a table twice.

## What happens
The first entry counts. `postmap` and `postalias` warn of each further one and leave it out. The case of
letters does not count in keys.

## Bad
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
virtual_alias_maps = hash:/etc/postfix/virtual
```
```virtual table-duplicate-key@2
sales@example.com anna@example.net
Sales@example.com bert@example.net
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
virtual_alias_maps = hash:/etc/postfix/virtual
```
```virtual
sales@example.com anna@example.net, bert@example.net
shop@example.com bert@example.net
```

## What Postfix says
```witness postmap /etc/postfix/virtual
postmap: warning: /etc/postfix/virtual.db: duplicate entry: "sales@example.com"
```

## When it is right
When the second line is to be a note of what was there before: make it a comment.

## References
- postmap(1)
- Postfix source: util/dict_db.c, util/dict_lmdb.c, util/dict_thash.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding, Related
from maillint.engine.rule import rule
from maillint.postfix.tablefile import DUPLICATE

from .._tablefiles import finding, problems

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=WARNING, area="table-files", tables=True, noted=("maillint_rules._tablefiles", DUPLICATE))
def table_duplicate_key(config: Configuration) -> Iterator[Finding]:
    for judged in problems(config, DUPLICATE):
        first = int(judged.problem.argument)
        found = finding(
            judged,
            f"this line does nothing: line {first} has the same key, and the first one counts",
            "remove one of the lines, or write both values into one",
        )
        found.related = (Related(judged.table.file.line_location(first), "this line counts"), *found.related)
        yield found
