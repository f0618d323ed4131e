"""A program in a chroot asks a table's server by a socket that is outside.

## What happens
A table that a server answers is asked when the program is in its chroot already, where the queue directory is
`/`. It does not find `/run/mysqld/mysqld.sock` there: `No such file or directory`, each look-up fails, and
mail is put off with `451 4.3.0 Temporary lookup failure`. For MySQL, `localhost` is such a socket, and so is
no `hosts` at all.

proxymap(8) is not in a chroot: with `proxy:` in front, it asks in the place of the program.

The rule reads the client files in the directory of main.cf and below; it shows none of their values.

## Bad
```main.cf table-socket-outside-chroot@4
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
local_recipient_maps = socketmap:unix:/run/directory/socket:users
```
```master.cf
smtp inet n - y - - smtpd
cleanup unix n - y - 0 cleanup
```

### A database
```main.cf table-socket-outside-chroot@4
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
virtual_alias_maps = mysql:/etc/postfix/aliases.cf
```
```aliases.cf
hosts = localhost
query = SELECT goto FROM alias WHERE address = '%s'
```
```master.cf
cleanup unix n - y - 0 cleanup
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
virtual_alias_maps = proxy:mysql:/etc/postfix/aliases.cf
canonical_maps = mysql:/etc/postfix/canonical.cf
recipient_bcc_maps = socketmap:unix:directory/socket:copies
```
```aliases.cf
hosts = localhost
query = SELECT goto FROM alias WHERE address = '%s'
```
```canonical.cf
hosts = 127.0.0.1
query = SELECT name FROM canonical WHERE address = '%s'
```
```master.cf
cleanup unix n - y - 0 cleanup
```

### No chroot
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
local_recipient_maps = socketmap:unix:/run/users/socket:users
```
```master.cf
smtp inet n - - - - smtpd
```

## What Postfix says
```witness rcpt user@mail.example.com chroot
postfix/smtpd: warning: connect to /run/directory/socket: No such file or directory
```

## When it is right
Where the socket, or a directory with it, is in the queue directory, too.

## References
- mysql_table(5), `hosts`; socketmap_table(5); proxymap(8)
- Postfix source: util/dict_sockmap.c, global/dict_mysql.c, global/dict_pgsql.c
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import MEDIUM, WARNING, Finding, Related
from maillint.engine.rule import rule
from maillint.postfix.beside import path_beside
from maillint.postfix.chroot import is_chrooted, is_of_the_system
from maillint.postfix.configuration import ConfigurationError, read_source
from maillint.postfix.master import CHROOT
from maillint.syntax.lists import split_list
from maillint.syntax.main_cf import parse_main_cf

from .._tables import CLIENT, named_tables

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.postfix.tables import Table
    from maillint.syntax.tree import Service

    from .._tables import Named

_SOCKETMAP = "socketmap"
_DEFAULT_HOST = {"mysql": "localhost", "pgsql": "127.0.0.1"}
"""The databases whose client can use a socket, and where it connects to without ``hosts``."""
_UNIX = ("unix:", "local:")


@rule(severity=WARNING, area="tables", noted=("maillint_rules._tables", _SOCKETMAP, CLIENT))
def table_socket_outside_chroot(config: Configuration) -> Iterator[Finding]:
    for named in named_tables(config):
        services = _in_chroot(config, named)
        for table in _asked_directly(named.table) if services and named.item.known else ():
            socket = _socket(config, table)
            if socket is None:
                continue
            names = ", ".join(f"`{service.name}`" for service in services)
            yield Finding(
                named.location(table.start, table.end),
                f"each look-up by {names} fails: it is in a chroot, and {socket} is outside",
                mend="write `proxy:` in front of the table, so that proxymap(8) asks"
                + (", or `hosts = 127.0.0.1` in the file" if table.type in _DEFAULT_HOST else ""),
                confidence=MEDIUM,
                parameter=named.parameter,
                related=(Related(services[0].fields[CHROOT].location(), "this is the chroot"),),
                services=tuple(service.id for service in services),
            )


def _in_chroot(config: Configuration, named: Named) -> list[Service]:
    """The services in a chroot that open the table."""
    views = (config.view(id) for id in named.readers.services) if named.readers.services else config.views
    return [
        view.service
        for view in views
        if view is not None
        and view.service is not None
        and view.daemon in named.readers.programs
        and view.setting(named.parameter) is named.value.setting
        and is_chrooted(config, view.service)
    ]


def _asked_directly(table: Table) -> Iterator[Table]:
    """The tables in *table* that the program asks itself, and not proxymap(8)."""
    if table.type == "proxy":
        return
    yield table
    for member in table.members:
        yield from _asked_directly(member)


def _socket(config: Configuration, table: Table) -> str | None:
    """The only way to the server, in words, if that is a socket outside of the chroot."""
    if table.type == _SOCKETMAP:
        server = table.name.rpartition(":")[0]
        path = server.partition(":")[2]
        return f"`{path}`" if server.startswith(_UNIX) and is_of_the_system(path) else None
    path_of_file = path_beside(config, table.name) if table.type in _DEFAULT_HOST else None
    if path_of_file is None or not os.path.isfile(path_of_file):
        return None
    try:
        tree = parse_main_cf(read_source(path_of_file))
    except ConfigurationError:
        return None
    texts = [setting.value.text for setting in tree.settings if setting.name == "hosts"]
    text = texts[-1] if texts else _DEFAULT_HOST[table.type]
    hosts = [item.text for item in split_list(text, braces=False)]
    if not hosts or not all(_is_socket(host, table.type) for host in hosts):
        return None
    return (
        "the socket of the database, `localhost`," if "localhost" in hosts else "the socket of the database"
    )


def _is_socket(host: str, type: str) -> bool:
    if host.startswith("unix:"):
        return is_of_the_system(host.removeprefix("unix:"))
    return type == "mysql" and host.lower() == "localhost"
