"""A table needs its type in front of the name: `hash:/etc/postfix/virtual`.

## What happens
The program that opens the table ends with `fatal: open dictionary: expecting "type:name" form`. master(8)
starts it again and again; the mail waits, or the client is cut off. Only lists such as `mydestination` or
`mynetworks` take a bare file name, and read patterns from it.

## Bad
```main.cf map-without-type@1 fragment
virtual_alias_maps = /etc/postfix/virtual
```

```main.cf map-without-type@2 fragment
transport_maps = hash:/etc/postfix/transport,
  /etc/postfix/transport.local
```

## Good
```main.cf fragment
virtual_alias_maps = hash:/etc/postfix/virtual
alias_database = /etc/aliases
mydestination = /etc/postfix/local-domains
```

## What Postfix says
```witness rcpt
postfix/smtpd: fatal: open dictionary: expecting "type:name" form instead of "/etc/postfix/virtual"
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
from maillint.postfix.matchlist import is_ipv6_without_brackets
from maillint.postfix.tables import NO_NAME, NO_TYPE

from .._tables import CACHE, problems, refused
from ..lists._patterns import CLIENT_LISTS

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

    from .._tables import Named

_WITH_DEFAULT_TYPE = frozenset({"alias_database"})
"""newaliases(1) puts default_database_type before it, as the caches do (global/data_redirect.c)."""


@rule(severity=ERROR, area="tables", noted=("maillint_rules._tables", NO_TYPE))
def map_without_type(config: Configuration) -> Iterator[Finding]:
    bare: Named | None = None
    for named, problem in problems(config, NO_TYPE, NO_NAME):
        if problem.kind == NO_NAME:
            bare = named
            continue
        name = named.table.name
        follows_bare_type = bare is not None and bare.value is named.value and not named.table.type
        bare = None
        if follows_bare_type or named.parameter in _WITH_DEFAULT_TYPE or named.use == CACHE:
            continue
        if named.parameter in CLIENT_LISTS and is_ipv6_without_brackets(f":{name}"):
            continue
        type = named.view.value("default_database_type").text or "hash"
        is_path = name.startswith("/")
        yield refused(
            named,
            problem,
            f"`{name}` is no table, it lacks the type",
            f"write `{type}:{name}`" if is_path else "write the table as `type:name`",
            f"{type}:{name}" if is_path else None,
        )
