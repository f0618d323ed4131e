"""A network with its mask as the key of an indexed table.

## What happens
A key of an indexed table is compared as it stands. Postfix looks for the address of the client and for its
leading bytes (`192.0.2`), never for a mask, so the entry does nothing.

## Bad
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
smtpd_client_restrictions = check_client_access texthash:/etc/postfix/clients
```
```clients access-key-cidr-in-hash@1
192.0.2.0/24 REJECT
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
smtpd_client_restrictions = check_client_access texthash:/etc/postfix/clients
```
```clients
192.0.2 REJECT
```

```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
smtpd_client_restrictions = check_client_access cidr:/etc/postfix/clients
```
```clients
192.0.2.0/24 REJECT
```

## What Postfix says
```witness rcpt-as 192.0.2.7 user@mail.example.com
250 2.1.5 Ok
```

## When it is right
Never.

## References
- access(5), cidr_table(5)
- Postfix source: smtpd/smtpd_check.c (check_addr_access)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule
from maillint.postfix.table_syntax import NETWORK_KEY

from .._tablefiles import finding, problems

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="table-files", tables=True, noted=("maillint_rules._tablefiles", NETWORK_KEY))
def access_key_cidr_in_hash(config: Configuration) -> Iterator[Finding]:
    for judged in problems(config, NETWORK_KEY):
        yield finding(
            judged,
            f"nobody looks for `{judged.text}`: in a `{judged.table.type}:` table a network with a mask"
            " matches no address",
            "make it a `cidr:` table, or write the leading bytes of the address, as in `192.0.2`",
        )
