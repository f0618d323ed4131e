"""The SigningTable has patterns, and OpenDKIM reads it as a plain file.

## What happens
`*@example.com` is a pattern only in a table of the type `refile:`. In a plain file OpenDKIM looks for the
address, for its domain and for the domains above, letter by letter, never finds the line, and signs nothing.

## Bad
```main.cf
compatibility_level = 3.6
myhostname = www.example.com
myorigin = $mydomain
smtpd_milters = unix:opendkim/opendkim.sock
non_smtpd_milters = $smtpd_milters
```
```../opendkim.conf signing-table-without-refile@2
KeyTable      /etc/opendkim/key.table
SigningTable  /etc/opendkim/signing.table
Socket        local:/var/spool/postfix/opendkim/opendkim.sock
```
```../opendkim/key.table
mail example.com:mail:/etc/opendkim/keys/mail.private
```
```../opendkim/signing.table
*@example.com mail
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = www.example.com
myorigin = $mydomain
smtpd_milters = unix:opendkim/opendkim.sock
non_smtpd_milters = $smtpd_milters
```
```../opendkim.conf
KeyTable      /etc/opendkim/key.table
SigningTable  file:/etc/opendkim/signing.table
Socket        local:/var/spool/postfix/opendkim/opendkim.sock
```
```../opendkim/key.table
mail example.com:mail:/etc/opendkim/keys/mail.private
```
```../opendkim/signing.table
example.com mail
```

## When it is right
Never.

## References
- opendkim.conf(5) SigningTable; opendkim(8), "DATA SETS"
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding, Fix
from maillint.engine.rule import rule

from ._around import AROUND, OPENDKIM, said_in
from ._signing_table import patterns_never_matched

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="neighbours", noted=(AROUND, OPENDKIM))
def signing_table_without_refile(config: Configuration) -> Iterator[Finding]:
    opendkim = config.neighbours.opendkim
    table = opendkim.set_of("signingtable") if opendkim is not None else None
    unmatched = patterns_never_matched(opendkim) if opendkim is not None else []
    if table is None or not unmatched or table.entries is None:
        return
    entry = table.entry
    value = f"refile:{table.name}"
    yield Finding(
        entry.value.location(),
        f"OpenDKIM reads this table as a plain file, in which `{unmatched[0].name}` matches no address:"
        " no mail is signed",
        mend=f"write `{entry.name} {value}`",
        related=said_in(unmatched[0], "this is a pattern"),
        fix=Fix.write(entry.value.location(), value) if len(unmatched) == len(table.entries) else None,
    )
