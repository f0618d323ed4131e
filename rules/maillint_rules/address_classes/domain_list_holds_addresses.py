"""A table in a list of domains has addresses only.

## What happens
A list of domains looks each recipient's domain up in its tables. A table whose keys are addresses has no
answer for a domain: the list is empty, and mail for these addresses is answered `454 4.7.1 Relay access
denied`. Most often the table of mailboxes or of aliases is named instead of a list of its own. The default of
`virtual_mailbox_domains` is the table of mailboxes, which then needs a line for each domain as well.

## Bad
```main.cf domain-list-holds-addresses@4
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
virtual_mailbox_domains = texthash:/etc/postfix/mailboxes
virtual_mailbox_maps = texthash:/etc/postfix/mailboxes
virtual_transport = lmtp:unix:private/dovecot-lmtp
```
```mailboxes
anna@example.net example.net/anna/
postmaster@example.net example.net/postmaster/
```

```main.cf domain-list-holds-addresses@4
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
virtual_alias_domains = texthash:/etc/postfix/virtual
virtual_alias_maps = texthash:/etc/postfix/virtual
```
```virtual
info@example.net anna@mail.example.com
postmaster@example.net anna@mail.example.com
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
virtual_mailbox_domains = example.net
virtual_mailbox_maps = texthash:/etc/postfix/mailboxes
virtual_transport = lmtp:unix:private/dovecot-lmtp
```
```mailboxes
anna@example.net example.net/anna/
postmaster@example.net example.net/postmaster/
```

## What Postfix says
```witness rcpt-as 192.0.2.7 anna@example.net
454 4.7.1 <anna@example.net>: Relay access denied
```

```witness rcpt-as 192.0.2.7 info@example.net bad=2
454 4.7.1 <info@example.net>: Relay access denied
```

## When it is right
Where the table is built anew by a program that has not added the domains yet.

## References
- postconf(5) virtual_mailbox_domains, virtual_alias_domains
- VIRTUAL_README
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule
from maillint.postfix.domains import LISTS

from ._lists import NO_DOMAIN, place, tables_of_addresses

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(
    severity=ERROR,
    area="address-classes",
    parameters=(*LISTS, "virtual_mailbox_maps"),
    when_set=True,
    complete=True,
    tables=True,
    noted=("maillint_rules.address_classes._lists", NO_DOMAIN),
)
def domain_list_holds_addresses(config: Configuration) -> Iterator[Finding]:
    for found, table, domain in tables_of_addresses(config):
        location = place(config, found.parameter, table.item)
        if location is None:
            continue
        default = "" if found.value.setting is not None else ", which this is by default,"
        yield Finding(
            location,
            f"mail for `{domain}` is refused: `{found.parameter}`{default} is to have domains,"
            " and all keys of this table are addresses",
            mend=f"write the domains into `{found.parameter}`, as in `{found.parameter} = {domain}`",
            parameter=found.parameter,
        )
