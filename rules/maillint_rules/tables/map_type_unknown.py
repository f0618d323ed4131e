"""The type of a table is none that Postfix has.

## What happens
Postfix cannot open the table. The program says `error: unsupported dictionary type` and goes on, but each
look-up in the table fails: smtpd answers 451, mail stays in the queue. Before Postfix 2.11 the program ended
with a fatal error.

`postconf -m` lists the types that a host has; on Debian `pcre`, `mysql`, `ldap` and others come with packages
of their own, such as `postfix-pcre`.

## Bad
```main.cf map-type-unknown@1 fragment
smtpd_client_restrictions = check_client_access hahs:/etc/postfix/clients
```

```main.cf map-type-unknown@1 fragment
virtual_alias_maps = postgresql:/etc/postfix/virtual.cf
```

```main.cf map-type-unknown@1 fragment postfix=2.6
virtual_alias_maps = sqlite:/etc/postfix/virtual.cf
```

## Good
```main.cf fragment
smtpd_client_restrictions = check_client_access hash:/etc/postfix/clients
virtual_alias_maps = pgsql:/etc/postfix/virtual.cf
```

## What Postfix says
```witness rcpt
postfix/smtpd: error: unsupported dictionary type: hahs
postfix/smtpd: warning: hahs:/etc/postfix/clients is unavailable. unsupported dictionary type: hahs
```

## When it is right
With a type that a plug-in of your own brings (`dynamicmaps.cf`).

## References
- DATABASE_README, postconf(1) -m
- Postfix source: util/dict_open.c, global/dynamicmaps.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, MEDIUM, Finding
from maillint.engine.rule import rule
from maillint.nearest import nearest
from maillint.postfix.matchlist import is_ipv6_without_brackets
from maillint.postfix.tables import UNKNOWN_TYPE, type_names
from maillint.postfix.vocabulary import table_types

from .._tables import problems, refused
from ..lists._patterns import CLIENT_LISTS

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_MEANT = {
    "db": "hash",
    "file": "texthash",
    "mariadb": "mysql",
    "pcre2": "pcre",
    "perl": "pcre",
    "postgres": "pgsql",
    "postgresql": "pgsql",
    "regex": "regexp",
    "sqlite3": "sqlite",
    "text": "texthash",
}


@rule(severity=ERROR, area="tables", noted=("maillint_rules._tables", UNKNOWN_TYPE))
def map_type_unknown(config: Configuration) -> Iterator[Finding]:
    names = type_names(config.version)
    for named, problem in problems(config, UNKNOWN_TYPE):
        text = named.item.text[named.offset :]
        if named.parameter in CLIENT_LISTS and is_ipv6_without_brackets(text):
            continue
        type = text[problem.start : problem.end]
        known = table_types().get(type)
        meant = _MEANT.get(type.lower()) or nearest(type, names)
        if known is not None:
            since = known.since.release
            why = f"the type `{type}` came with Postfix {since}"
            mend = f"use another type, or Postfix {since}"
        else:
            why = f"Postfix has no table type `{type}`"
            mend = f"write `{meant}:`" if meant in names else "use a type that `postconf -m` lists"
        found = refused(named, problem, why, mend, meant if known is None and meant in names else None)
        if known is None and meant not in names:
            found.confidence = MEDIUM
        yield found
