"""A database query in which the address stands without quotes.

## What happens
Postfix puts quote characters in the address out of action, so that it cannot end the text in which it stands.
Without quotes around `%s` there is no such text: the address is read as SQL. Most look-ups then fail with a
syntax error, so that mail is put off, and a sender can choose an address that changes the query.

The rule reads the client files in the directory of main.cf and below, and stands at the table that names the
file.

## Bad
```main.cf sql-map-query-injection@4
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
virtual_alias_maps = mysql:/etc/postfix/aliases.cf
```
```aliases.cf
hosts = 192.0.2.25
dbname = mail
query = SELECT goto FROM alias WHERE address = %s AND active = '1'
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
virtual_alias_maps = mysql:/etc/postfix/aliases.cf
```
```aliases.cf
hosts = 192.0.2.25
dbname = mail
query = SELECT goto FROM alias WHERE address = '%s' OR address LIKE '%%@%d'
```

## When it is right
Never.

## References
- mysql_table(5), pgsql_table(5), sqlite_table(5), "query"
- Postfix source: global/dict_mysql.c (dict_mysql_quote), global/db_common.c
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule

from .._tables import CLIENT
from ._clients import client_settings

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_SQL = frozenset({"mysql", "pgsql", "sqlite"})
_TEXT = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|\$\$.*?\$\$|%%", re.DOTALL)
"""A text in quotes; and a percent sign that is meant as one."""
_KEY = re.compile(r"%[sud1-9]", re.IGNORECASE)


@rule(severity=ERROR, area="tables", tables=True, noted=("maillint_rules._tables", CLIENT), security=True)
def sql_map_query_injection(config: Configuration) -> Iterator[Finding]:
    for client, settings in client_settings(config):
        query = settings.get("query")
        if client.table.type not in _SQL or query is None:
            continue
        bare = _KEY.search(_TEXT.sub("", query.value.text))
        if bare is not None:
            yield Finding(
                client.named.location(client.table.start, client.table.end),
                f"in the query on line {query.line} of `{client.shown}`, `{bare[0]}` stands without quotes:"
                " an address is read as SQL",
                mend=f"write `'{bare[0]}'`",
                parameter=client.named.parameter,
                services=client.named.readers.services,
            )
