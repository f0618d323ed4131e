"""The file of a database client is not there, but one of nearly the same name.

## What happens
Without the file, `mysql:/etc/postfix/users.cf` and its like cannot be opened: the program that needs the
table logs a warning or ends, and mail is put off. `postconf` warns of it.

Such files are often made where Postfix runs, because they hold passwords. So the rule speaks only where a
file of nearly the same name lies in the place, in the directory of main.cf or below.

## Bad
```main.cf client-file-missing@4
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $myhostname
virtual_mailbox_maps = mysql:/etc/postfix/mailbox.cf
virtual_mailbox_base = /var/mail/vhosts
virtual_uid_maps = static:5000
virtual_gid_maps = static:5000
virtual_alias_maps = mysql:/etc/postfix/mailboxes.cf
```
```mailboxes.cf
hosts = 192.0.2.25
query = SELECT goto FROM alias WHERE address = '%s'
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $myhostname
virtual_alias_maps = mysql:/etc/postfix/mailboxes.cf
```
```mailboxes.cf
hosts = 192.0.2.25
query = SELECT goto FROM alias WHERE address = '%s'
```

## What Postfix says
```witness postconf
postconf: warning: open "mysql" configuration "/etc/postfix/mailbox.cf": No such file or directory
```

## When it is right
When something puts the file there before Postfix starts.

## References
- DATABASE_README
- Postfix source: postconf/postconf_dbms.c; global/cfg_parser.c
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import MEDIUM, WARNING, Finding
from maillint.engine.rule import rule
from maillint.nearest import nearest

from .._tables import CLIENT
from ._clients import clients

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=WARNING, area="tables", tables=True, noted=("maillint_rules._tables", CLIENT))
def client_file_missing(config: Configuration) -> Iterator[Finding]:
    for client in clients(config):
        if os.path.lexists(client.path):
            continue
        folder, name = os.path.split(client.path)
        try:
            meant = nearest(name, os.listdir(folder))
        except OSError:
            continue
        if meant is not None:
            yield Finding(
                client.named.location(client.table.start, client.table.end),
                f"there is no file `{client.shown}` here, but `{meant}`: look-ups in this table fail",
                mend=f"write `{meant}`, or create the file",
                confidence=MEDIUM,
                parameter=client.named.parameter,
                services=client.named.readers.services,
            )
