"""The migration away from Berkeley DB leads back to Berkeley DB.

## What happens
With `non_bdb_migration_level = enable-redirect` or `enable-reindex` Postfix opens a `hash:` table as one of
the type in `default_database_type`, and a `btree:` table as one of that in `default_cache_db_type`. If that
is `hash` or `btree` itself, there is no table to open: each look-up fails with `Berkeley DB type mapping
lookup error`, and mail is put off.

## Bad
```main.cf berkeleydb-tables@2 fragment
non_bdb_migration_level = enable-redirect
default_database_type = hash
```

## Good
```main.cf fragment
non_bdb_migration_level = enable-redirect
default_database_type = lmdb
default_cache_db_type = lmdb
```

## When it is right
Never.

## References
- NON_BERKELEYDB_README, postconf(5) non_bdb_migration_level
- Postfix source: global/nbdb_util.c, global/nbdb_redirect.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule

from .._chain import set_here
from .._told import told

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_LEVEL = "non_bdb_migration_level"
_ENABLED = frozenset({"enable-redirect", "enable-reindex"})
_TARGETS = {"default_database_type": "hash", "default_cache_db_type": "btree"}
"""The old type, by the parameter that names the new one."""


@rule(severity=ERROR, area="tables", parameters=(_LEVEL,), when_set=True)
def berkeleydb_tables(config: Configuration) -> Iterator[Finding]:
    view = config.main_view
    if config.parameter(_LEVEL) is None or (view.value(_LEVEL).text or "").lower() not in _ENABLED:
        return
    for name, old in _TARGETS.items():
        value = view.value(name)
        location = value.location()
        if location is None or told(value) or value.text not in _TARGETS.values():
            continue
        yield Finding(
            location,
            f"each look-up in a `{old}:` table fails: `{_LEVEL}` sends it to the type `{value.text}`, which"
            " is Berkeley DB too",
            mend=f"write `{name} = lmdb` or `{name} = cdb`" if old == "hash" else f"write `{name} = lmdb`",
            parameter=name,
            related=set_here((view.setting(_LEVEL),)),
        )
