"""The name of an indexed table is that of its source, without `.db`.

## What happens
Postfix appends the suffix of the index itself: for `hash:/etc/postfix/virtual.db` it opens
`/etc/postfix/virtual.db.db`, which does not exist. Each look-up fails, and mail is put off.

## Bad
```main.cf map-db-suffix@1 fragment
virtual_alias_maps = hash:/etc/postfix/virtual.db
```

## Good
```main.cf fragment
virtual_alias_maps = hash:/etc/postfix/virtual
```

## What Postfix says
```witness rcpt
postfix/smtpd: error: open database /etc/postfix/virtual.db.db: No such file or directory
```

## When it is right
When the source is itself called `virtual.db` and postmap(1) was run on it.

## References
- DATABASE_README, postmap(1)
- Postfix source: util/dict_db.c, util/dict_lmdb.c, util/dict_cdb.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, MEDIUM, Finding
from maillint.engine.rule import rule
from maillint.postfix.tables import BAD_NAME, Problem
from maillint.postfix.vocabulary import table_types

from .._tables import CACHE, SUFFIXED, named_tables, refused

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="tables", noted=("maillint_rules._tables", SUFFIXED))
def map_db_suffix(config: Configuration) -> Iterator[Finding]:
    for named in named_tables(config):
        if named.use == CACHE or not named.item.known:
            continue
        for table in named.table.walk():
            known = table_types().get(table.type)
            suffix = known.extension if known is not None else ""
            if not suffix or not table.name.endswith(suffix):
                continue
            name = table.name.removesuffix(suffix)
            found = refused(
                named,
                Problem(BAD_NAME, "", table.start, table.end, False),
                f"Postfix appends the suffix itself and opens `{table.name}{suffix}`",
                f"write `{table.type}:{name}`",
                f"{table.type}:{name}",
            )
            found.confidence = MEDIUM
            yield found
