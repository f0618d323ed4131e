"""Tables of other hosts may not say where and as whom mail is delivered.

## What happens
local(8) and virtual(8) act with the rights of users. They refuse `tcp:`, `socketmap:` and `memcache:` in the
parameters that say whose mailbox, which file or which command a message is for: `map is not allowed for
security-sensitive data`. Each look-up fails, and the mail stays in the queue.

## Bad
```main.cf untrusted-map-for-delivery@1 fragment
alias_maps = tcp:127.0.0.1:10026
```

## Good
```main.cf fragment
alias_maps = hash:/etc/aliases
transport_maps = tcp:127.0.0.1:10026
```

## What Postfix says
```witness deliver
postfix/local: error: tcp:127.0.0.1:10026 map is not allowed for security sensitive data
```

## When it is right
Never.

## References
- tcp_table(5), socketmap_table(5), memcache_table(5)
- Postfix source: util/dict_tcp.c, util/dict_sockmap.c, global/dict_memcache.c, local/local.c,
  virtual/virtual.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule
from maillint.postfix.tables import BAD_NAME, Problem

from .._tables import named_tables, refused

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_OF_LOCAL = ("alias_maps", "mailbox_command_maps")
_OF_VIRTUAL = ("virtual_gid_maps", "virtual_mailbox_maps", "virtual_uid_maps")
_UNTRUSTED = ("memcache", "socketmap", "tcp")


@rule(
    severity=ERROR,
    area="tables",
    parameters=(*_OF_LOCAL, *_OF_VIRTUAL),
    when_set=True,
    noted=("maillint_rules._tables", *_UNTRUSTED),
)
def untrusted_map_for_delivery(config: Configuration) -> Iterator[Finding]:
    for named in named_tables(config):
        if named.parameter not in _OF_LOCAL and (
            named.parameter not in _OF_VIRTUAL or not _delivers_to_virtual(config)
        ):
            continue
        for table in named.table.walk():
            if named.item.known and table.type in _UNTRUSTED and not table.problems:
                yield refused(
                    named,
                    Problem(BAD_NAME, "", table.start, table.end, False),
                    f"`{table.type}:` is not allowed in `{named.parameter}`, because others could answer",
                    "use a table on this host, or one such as `ldap:`, `mysql:` or `pgsql:`",
                )


def _delivers_to_virtual(config: Configuration) -> bool:
    """Whether mail for virtual mailboxes goes to virtual(8), the only one who minds."""
    transport = config.main_view.value("virtual_transport").text
    return transport is not None and transport.partition(":")[0] == "virtual"
