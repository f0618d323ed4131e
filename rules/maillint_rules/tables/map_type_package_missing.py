"""The type of a table comes with a package that is not installed.

## What happens
Where a distribution splits Postfix into packages, `dynamicmaps.cf` lists the types that the installed ones
bring. Another type is none that this Postfix has: `unsupported dictionary type`. Each look-up in the table
fails: smtpd answers 451, mail stays in the queue.

Without a `dynamicmaps.cf` beside main.cf nothing is known, and nothing is said.

## Bad
```main.cf map-type-package-missing@4
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
virtual_alias_maps = mysql:/etc/postfix/virtual.cf
```
```dynamicmaps.cf
pcre  postfix-pcre.so  dict_pcre_open
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
virtual_alias_maps = pcre:/etc/postfix/virtual.pcre
```
```dynamicmaps.cf
pcre  postfix-pcre.so  dict_pcre_open
```

## What Postfix says
```witness rcpt
postfix/smtpd: error: unsupported dictionary type: mysql
```

## When it is right
When the package is installed later.

## References
- DATABASE_README
- Postfix source: global/dynamicmaps.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, MEDIUM, Finding
from maillint.engine.rule import rule
from maillint.postfix.tables import BAD_NAME, Problem, is_known_type, plugin_types
from maillint.postfix.vocabulary import table_types

from .._tables import FROM_PACKAGE, named_tables, refused

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="tables", noted=("maillint_rules._tables", FROM_PACKAGE), complete=True)
def map_type_package_missing(config: Configuration) -> Iterator[Finding]:
    if config.directory is None:
        return
    installed = plugin_types(config.directory)
    if installed is None:
        return
    for named in named_tables(config):
        for table in named.table.walk():
            if table.type in installed or not is_known_type(table.type, config.version):
                continue
            known = table_types().get(table.type)
            if known is None or not known.package:
                continue
            found = refused(
                named,
                Problem(BAD_NAME, "", table.start, table.start + len(table.type), False),
                f"no plug-in for the type `{table.type}` is installed, says `dynamicmaps.cf`",
                f"install the package that brings it, on Debian `{known.package}`, or use another type",
            )
            found.confidence = MEDIUM
            yield found
