"""The mail of the system administrator has no reader.

## What happens
cron, package managers and the kernel's daemons report to `root`. Without an alias, the reports pile up in the
mailbox of root on this host, where nobody reads them, until the disk is full.

## Bad
```main.cf root-alias-missing@4
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
alias_maps = lmdb:/etc/postfix/aliases
alias_database = $alias_maps
mydestination = $myhostname, $mydomain, localhost
```
```aliases
postmaster: anna
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
alias_maps = lmdb:/etc/postfix/aliases
alias_database = $alias_maps
mydestination = $myhostname, $mydomain, localhost
```
```aliases
postmaster: anna
root:anna
```

## When it is right
Where somebody reads the mailbox of root.

## References
- aliases(5)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, Finding
from maillint.engine.rule import rule

from ._lists import NO_ROOT, aliases_without_root

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(
    severity=INFO,
    area="address-classes",
    parameters=("alias_maps",),
    when_set=True,
    complete=True,
    tables=True,
    noted=("maillint_rules.address_classes._lists", NO_ROOT),
)
def root_alias_missing(config: Configuration) -> Iterator[Finding]:
    for value in aliases_without_root(config):
        if value.setting is not None:
            yield Finding(
                value.setting.value.location(),
                "the reports of cron and other programs to `root` pile up on this host: root has no alias",
                mend="add `root:` with the address of somebody who reads them to the aliases",
                parameter="alias_maps",
            )
