"""The file of a table is not beside main.cf, where the others are.

## What happens
A table whose file is missing cannot be built, or cannot be opened: smtpd(8) and cleanup(8) put mail off with
`451 4.3.0 Temporary lookup failure` or `Server configuration error`.

A directory that is read may be one of many copies, and tables are often made where Postfix runs. So the rule
speaks only where at least two other tables lie in the place, and is sure only where there is a file of nearly
the same name.

## Bad
```main.cf map-file-missing@7
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
canonical_maps = texthash:/etc/postfix/canonical
sender_bcc_maps = texthash:/etc/postfix/sender_bcc
recipient_bcc_maps = texthash:/etc/postfix/recipient_bcc
relocated_maps = texthash:/etc/postfix/relocatd
```
```canonical
me@example.com info@example.com
```
```sender_bcc
me@example.com copy@example.com
```
```recipient_bcc
me@example.com copy@example.com
```
```relocated
her@example.com example.net
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
canonical_maps = texthash:/etc/postfix/canonical
sender_bcc_maps = texthash:/etc/postfix/sender_bcc
relocated_maps = texthash:/etc/postfix/relocated
```
```canonical
me@example.com info@example.com
```
```sender_bcc
me@example.com copy@example.com
```
```relocated
her@example.com example.net
```

## What Postfix says
```witness rcpt
451 4.3.0 ...Temporary lookup failure
```

## When it is right
When something makes the file before Postfix starts.

## References
- DATABASE_README
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, LOW, MEDIUM, WARNING, Finding, Fix
from maillint.engine.rule import rule
from maillint.nearest import nearest

from .._tablefiles import NOT_THERE, missing_files
from .._tables import is_written

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.postfix.tables import Table

    from .._tables import Named


@rule(severity=WARNING, area="tables", tables=True, noted=("maillint_rules._tablefiles", NOT_THERE))
def map_file_missing(config: Configuration) -> Iterator[Finding]:
    for named, table, path in missing_files(config):
        yield _finding(named, table, path)


def _finding(named: Named, table: Table, path: str) -> Finding:
    folder, name = os.path.split(path)
    try:
        others = os.listdir(folder)
    except OSError:
        others = []
    meant = nearest(name, others)
    location = named.location(table.start, table.end)
    end = table.end
    start = end - len(name)
    fix = None
    if meant is not None and is_written(named, start, end):
        fix = Fix.write(named.location(start, end), meant, safe=False)
    return Finding(
        location,
        f"there is no file `{name}` here" + (f", but `{meant}`" if meant else ", where other tables are"),
        mend=f"write `{meant}`, or create the file" if meant else "create the file, or remove the table",
        severity=WARNING if meant else INFO,
        confidence=MEDIUM if meant else LOW,
        parameter=named.parameter,
        services=named.readers.services,
        fix=fix,
    )
