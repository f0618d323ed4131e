"""An alias for all addresses of a domain takes the mail of its mailboxes.

## What happens
Aliases come before mailboxes: `@example.com` in `virtual_alias_maps` is the alias of every address of the
domain that has none of its own, whether it has a mailbox or not. The mail of these mailboxes goes to the
alias. An alias that leads from the address to itself keeps its mail: `anna@example.com anna@example.com`.

## Bad
```main.cf catch-all-alias@6
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
virtual_mailbox_domains = example.net
virtual_mailbox_maps = texthash:/etc/postfix/mailboxes
virtual_alias_maps = texthash:/etc/postfix/virtual
virtual_transport = lmtp:unix:private/dovecot-lmtp
```
```mailboxes
anna@example.net example.net/anna/
office@example.net example.net/office/
```
```virtual
@example.net office@example.net
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
virtual_mailbox_domains = example.net
virtual_mailbox_maps = texthash:/etc/postfix/mailboxes
virtual_alias_maps = texthash:/etc/postfix/virtual
virtual_transport = lmtp:unix:private/dovecot-lmtp
```
```mailboxes
anna@example.net example.net/anna/
office@example.net example.net/office/
```
```virtual
anna@example.net anna@example.net
@example.net office@example.net
```

## What Postfix says
```witness deliver anna@example.net
postfix/lmtp: ...: to=<office@example.net>, orig_to=<anna@example.net>, ...
```

## When it is right
While all mail of a domain is to be kept away from its mailboxes, as when they move.

## References
- virtual(5)
- VIRTUAL_README
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding
from maillint.engine.rule import rule

from ._lists import SHADOWED, shadowed_mailboxes

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(
    severity=WARNING,
    area="address-classes",
    parameters=("virtual_alias_maps",),
    when_set=True,
    complete=True,
    tables=True,
    noted=("maillint_rules.address_classes._lists", SHADOWED),
)
def catch_all_alias(config: Configuration) -> Iterator[Finding]:
    for item, entry, box in shadowed_mailboxes(config):
        if item.location is None:
            continue
        where = f" (line {entry.line})" if entry.line else ""
        yield Finding(
            item.location,
            f"the mailbox of `{box}` gets no mail: `{entry.key}`{where} sends it to `{entry.value}`",
            mend=f"add an alias that keeps it there, `{box} {box}`, and so for the other mailboxes",
            parameter="virtual_alias_maps",
        )
