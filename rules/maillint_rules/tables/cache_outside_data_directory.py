"""A cache stands in a directory where Postfix does not write; it is put elsewhere.

## What happens
Postfix writes its caches without root's rights, so that they belong below `data_directory`. For a file in a
directory of somebody else it logs `request to update table ... in non-postfix directory` and uses a file of
the same name in `data_directory`; whoever looks for the cache looks in the wrong place.

## Bad
```main.cf cache-outside-data-directory@2 fragment
smtp_tls_security_level = may
smtp_tls_session_cache_database = btree:/etc/postfix/smtp_scache
```

## Good
```main.cf fragment
smtp_tls_security_level = may
smtp_tls_session_cache_database = btree:$data_directory/smtp_scache
```

## What Postfix says
```witness deliver user@remote.example.net
postfix/tlsmgr: warning: request to update table btree:/etc/postfix/smtp_scache in non-postfix directory ...
```

## When it is right
Never.

## References
- postconf(5) data_directory
- Postfix source: global/data_redirect.c
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix.version import Version

from .._tables import CACHE, is_written, named_tables
from .cache_map_read_only import CACHES

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_SINCE = Version("2.5")
_REDIRECTED = frozenset({"btree", "hash", "lmdb", "sdbm"})
_OTHERS = frozenset({"/etc", "/etc/postfix", "/run", "/tmp", "/var/lib", "/var/run", "/var/tmp"})
"""Directories that are not Postfix's own on any system."""


@rule(severity=WARNING, area="tables", parameters=CACHES, when_set=True)
def cache_outside_data_directory(config: Configuration) -> Iterator[Finding]:
    if not config.version.has(_SINCE):
        return
    for named in named_tables(config):
        directory, name = posixpath.split(named.table.name)
        own = named.view.value("data_directory").text
        if (
            named.use != CACHE
            or not named.item.known
            or named.table.type not in _REDIRECTED
            or directory not in _OTHERS
            or directory == own
        ):
            continue
        start = named.table.end - len(named.table.name)
        meant = f"$data_directory/{name}"
        fix = Fix.write(named.location(start), meant)
        yield Finding(
            named.location(start),
            f"Postfix does not write this cache into `{directory}`, which is not its own directory, but into"
            " `$data_directory`, with a warning in the log",
            mend=f"write `{named.table.type}:{meant}`",
            parameter=named.parameter,
            fix=fix if is_written(named, start, named.table.end) else None,
            services=named.readers.services,
        )
