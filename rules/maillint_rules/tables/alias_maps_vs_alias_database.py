"""A table of aliases that newaliases does not build.

## What happens
`newaliases` builds the tables in `alias_database`, and local(8) looks into those in `alias_maps`. A table
that stands in the second list only is not rebuilt: who edits its file and runs `newaliases` sees no change.

## Bad
```main.cf alias-maps-vs-alias-database@4
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
alias_maps = lmdb:/etc/postfix/aliases
```

```main.cf alias-maps-vs-alias-database@4
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
alias_maps = lmdb:/etc/aliases, lmdb:/etc/mail/more
alias_database = lmdb:/etc/aliases
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
alias_maps = lmdb:/etc/aliases, lmdb:/etc/mail/more, lmdb:/var/lib/mailman/data/aliases, nis:mail.aliases
alias_database = lmdb:/etc/aliases, lmdb:/etc/mail/more
```

## When it is right
Where something else builds the table, as a program for mailing lists does, or it is built by hand with
`postalias`.

## References
- postconf(5) alias_maps, alias_database; newaliases(1)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, MEDIUM, WARNING, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix.vocabulary import table_types

from .._chain import set_here
from .._edits import settings_written
from .._tables import UNBUILT, named_tables
from .._told import is_placeholder
from .._uses import shown

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

    from .._tables import Named

_MAPS = "alias_maps"
_DATABASE = "alias_database"
_INDEXED = "index"
_OWNERS = re.compile("mailman|majordomo|sympa|ezmlm|mlmmj|list|cyrus|plesk|cpanel", re.IGNORECASE)
"""In the names of tables that programs build for themselves."""


_DEFAULTS = frozenset({"/etc/aliases", "/etc/mail/aliases"})
"""What newaliases builds where nothing says otherwise, by the system."""


@rule(
    severity=WARNING,
    area="tables",
    parameters=(_MAPS,),
    when_set=True,
    noted=("maillint_rules._tables", UNBUILT),
    complete=True,
)
def alias_maps_vs_alias_database(config: Configuration) -> Iterator[Finding]:
    view = config.main_view
    is_set = view.is_set(_DATABASE)
    database = view.value(_DATABASE).text
    if is_set and (database is None or is_placeholder(database)):
        return
    built = {item.text for item in view.items(_DATABASE)}
    indexed = [
        named
        for named in named_tables(config)
        if named.parameter == _MAPS and named.view is view and _is_local_index(named)
    ]
    missing = [
        named
        for named in indexed
        if not (named.item.text in built if is_set else named.table.name in _DEFAULTS)
        and not _OWNERS.search(named.table.name)
    ]
    if not missing:
        return
    first = missing[0]
    yield Finding(
        first.location(),
        f"`newaliases` does not build {shown(first.item.text)}: it is not in `{_DATABASE}`",
        mend=f"name it in `{_DATABASE}`, too, or build it with `postalias`",
        severity=WARNING if len(missing) == len(indexed) else INFO,
        confidence=MEDIUM,
        parameter=_MAPS,
        related=set_here([view.setting(_DATABASE)]),
        fix=_fix(config, missing),
    )


def _is_local_index(named: Named) -> bool:
    fact = table_types().get(named.table.type)
    return named.item.known and fact is not None and fact.name == _INDEXED


def _fix(config: Configuration, missing: list[Named]) -> Fix | None:
    """Name the tables in alias_database, behind those that stand there."""
    view = config.main_view
    beside = view.setting(_MAPS)
    assert beside is not None
    names = [named.item.text for named in missing]
    database = view.setting(_DATABASE)
    before = [database.value.text] if database is not None else []
    edits = settings_written(view, {_DATABASE: ", ".join([*before, *names])}, beside)
    return Fix(f"name it in `{_DATABASE}`", edits) if edits else None
