"""A domain has no postmaster.

## What happens
Each domain that takes mail has an address `postmaster` (RFC 5321): there others report what is wrong with the
mail of this host, and lists of bad hosts ask whether it works. For a virtual domain Postfix has none by
itself: without an alias or mailbox the report is answered `550 5.1.1 User unknown`.

## Bad
```main.cf postmaster-missing@4
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
virtual_alias_domains = example.net
virtual_alias_maps = texthash:/etc/postfix/virtual
```
```virtual
info@example.net anna@mail.example.com
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
virtual_alias_domains = example.net
virtual_alias_maps = texthash:/etc/postfix/virtual
```
```virtual
info@example.net anna@mail.example.com
postmaster@example.net anna@mail.example.com
```

## What Postfix says
```witness rcpt-as 192.0.2.7 postmaster@example.net
550 5.1.1 <postmaster@example.net>: Recipient address rejected: User unknown in virtual alias table
```

## When it is right
In a domain that mail servers elsewhere do not know.

## References
- RFC 5321, section 4.5.1; RFC 2142
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding
from maillint.engine.rule import rule

from ._lists import NO_POSTMASTER, domains_without_postmaster, place

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(
    severity=WARNING,
    area="address-classes",
    parameters=("virtual_alias_maps", "virtual_mailbox_maps"),
    when_set=True,
    complete=True,
    tables=True,
    noted=("maillint_rules.address_classes._lists", NO_POSTMASTER),
)
def postmaster_missing(config: Configuration) -> Iterator[Finding]:
    found = list(domains_without_postmaster(config))
    location = place(config, found[0].parameter, found[0].item) if found else None
    if location is None:
        return
    first = found[0].domain
    others = len(found) - 1
    more = f"; so it is in {others} more domain{'s' if others > 1 else ''}" if others else ""
    yield Finding(
        location,
        f"mail to `postmaster@{first}` is refused, where others report what is wrong with its mail{more}",
        mend=f"add an alias for `postmaster@{first}` to `virtual_alias_maps`",
        parameter=found[0].parameter,
    )
