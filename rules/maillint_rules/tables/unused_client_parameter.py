"""A name that means nothing in the file of a database client.

## What happens
A table such as `mysql:/etc/postfix/users.cf` takes its settings from that file, in the form of main.cf. A
name that the client does not know has no effect, and only `postconf` says so: with `qurey`, say, the client
has no query of its own.

The rule reads the client files in the directory of main.cf and below, and stands at the table that names the
file. It shows names and line numbers only: values may be passwords.

## Bad
```main.cf unused-client-parameter@4
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $myhostname
virtual_alias_maps = mysql:/etc/postfix/aliases.cf
```
```aliases.cf
hosts = 192.0.2.25
dbname = mail
qurey = SELECT goto FROM alias WHERE address = '%s'
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $myhostname
virtual_alias_maps = mysql:/etc/postfix/aliases.cf
```
```aliases.cf
hosts = 192.0.2.25
dbname = mail
query = SELECT goto FROM alias WHERE address = '%s'
```

## What Postfix says
```witness postconf
postconf: warning: mysql:/etc/postfix/aliases.cf: unused parameter: qurey=SELECT goto FROM ...
```

## When it is right
Where another program reads the file, too.

## References
- mysql_table(5), pgsql_table(5), ldap_table(5), sqlite_table(5), memcache_table(5)
- Postfix source: postconf/postconf_dbms.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding
from maillint.engine.rule import rule
from maillint.nearest import nearest
from maillint.postfix import catalogue

from .._tables import CLIENT
from ._clients import client_settings

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.syntax.tree import Setting

    from ._clients import Client

_SHOWN = 40


@rule(severity=WARNING, area="tables", tables=True, noted=("maillint_rules._tables", CLIENT))
def unused_client_parameter(config: Configuration) -> Iterator[Finding]:
    for client, settings in client_settings(config):
        names = catalogue.database_suffixes(client.table.type, config.version)
        for setting in settings.values():
            if setting.name not in names:
                yield _finding(client, setting, names)


def _finding(client: Client, setting: Setting, names: frozenset[str]) -> Finding:
    table = client.table
    meant = nearest(setting.name, names)
    return Finding(
        client.named.location(table.start, table.end),
        f"line {setting.line} of `{client.shown}` has no effect: `{table.type}:` tables have no parameter"
        f" `{setting.name[:_SHOWN]}`",
        mend=f"write `{meant}`" if meant else "remove the line, or correct the name",
        parameter=client.named.parameter,
        services=client.named.readers.services,
    )
