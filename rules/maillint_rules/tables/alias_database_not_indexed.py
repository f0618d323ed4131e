"""An alias database that newaliases cannot build.

## What happens
`newaliases` builds the index of each table in `alias_database`. A table that is read as text, or asks a
server, has no index: `newaliases` ends with a fatal error there, and the tables behind it are not built. They
keep what they held before, without the aliases that were added since.

## Bad
```main.cf alias-database-not-indexed@2 fragment
alias_maps = texthash:/etc/postfix/aliases, hash:/etc/postfix/more
alias_database = texthash:/etc/postfix/aliases, hash:/etc/postfix/more
```
```aliases
root: admin@example.com
```

## Good
```main.cf fragment
alias_maps = texthash:/etc/postfix/aliases, hash:/etc/postfix/more
alias_database = hash:/etc/postfix/more
```
```aliases
root: admin@example.com
```

## What Postfix says
```witness newaliases
postalias: fatal: unsupported dictionary type: texthash does not support bulk-mode creation.
```

## When it is right
Never. A table without an index belongs into `alias_maps` alone.

## References
- postconf(5) alias_database
- newaliases(1)
- Postfix source: util/mkmap_open.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding
from maillint.engine.rule import rule
from maillint.postfix.vocabulary import table_types

from .._tables import NO_INDEX, named_tables

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_DATABASE = "alias_database"
_INDEXED = "index"


@rule(
    severity=WARNING,
    area="tables",
    parameters=(_DATABASE,),
    when_set=True,
    noted=("maillint_rules._tables", NO_INDEX),
)
def alias_database_not_indexed(config: Configuration) -> Iterator[Finding]:
    for named in named_tables(config):
        fact = table_types().get(named.table.type)
        if named.parameter == _DATABASE and fact is not None and fact.name != _INDEXED:
            yield Finding(
                named.location(),
                f"`newaliases` ends with a fatal error here: a `{fact.type}:` table has no index to build",
                mend=f"name it in `alias_maps` alone, and remove it from `{_DATABASE}`",
                parameter=_DATABASE,
                services=named.readers.services,
            )
