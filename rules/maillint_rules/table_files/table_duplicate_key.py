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

from maillint.engine.finding import WARNING, Edit, Finding, Fix, Related
from maillint.engine.rule import rule
from maillint.postfix.tablefile import DUPLICATE, lines

from .._tablefiles import finding, problems

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

    from .._tablefiles import Judged


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
        found.fix = _fix(judged)
        yield found


def _fix(judged: Judged) -> Fix | None:
    """Make a comment of the line; one that goes on in the next line would leave its rest behind."""
    start = judged.location.start
    if start.column != 1 or judged.location.text != judged.found.key:
        return None
    whole = next((line for line in lines(judged.table.file.path) if line.numbers[0] == start.line), None)
    if whole is None or len(whole.numbers) > 1:
        return None
    first = judged.location.span.start
    edit = Edit.insert(judged.location.source, first, "# ")
    return Fix("comment the line out", (edit,), safe=False)
