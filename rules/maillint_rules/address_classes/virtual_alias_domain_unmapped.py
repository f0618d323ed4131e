"""A domain for aliases has no alias.

## What happens
A domain in `virtual_alias_domains` has no mailboxes, only the addresses that `virtual_alias_maps` has for it.
Without any, all its mail is answered `550 5.1.1 User unknown in virtual alias table`.

## Bad
```main.cf virtual-alias-domain-unmapped@4
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
virtual_alias_domains = example.net, example.org
virtual_alias_maps = texthash:/etc/postfix/virtual
```
```virtual
info@example.net anna@mail.example.com
postmaster@example.net anna@mail.example.com
info@example.ogr anna@mail.example.com
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
virtual_alias_domains = example.net, example.org
virtual_alias_maps = texthash:/etc/postfix/virtual
```
```virtual
info@example.net anna@mail.example.com
postmaster@example.net anna@mail.example.com
@example.org anna@mail.example.com
```

## What Postfix says
```witness rcpt-as 192.0.2.7 info@example.org
550 5.1.1 <info@example.org>: Recipient address rejected: User unknown in virtual alias table
```

## When it is right
For a domain that is to refuse all its mail.

## References
- postconf(5) virtual_alias_domains
- VIRTUAL_README
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding
from maillint.engine.rule import rule

from ._lists import UNMAPPED, place, unmapped_domains

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.syntax.source import Location


@rule(
    severity=WARNING,
    area="address-classes",
    parameters=("virtual_alias_domains", "virtual_alias_maps"),
    when_set=True,
    complete=True,
    tables=True,
    noted=("maillint_rules.address_classes._lists", UNMAPPED),
)
def virtual_alias_domain_unmapped(config: Configuration) -> Iterator[Finding]:
    by_place: dict[Location, list[str]] = {}
    for listed in unmapped_domains(config):
        location = place(config, listed.parameter, listed.item)
        if location is not None:
            by_place.setdefault(location, []).append(listed.domain)
    for location, domains in by_place.items():
        more = f" and {len(domains) - 1} other domains" if domains[1:] else ""
        yield Finding(
            location,
            f"all mail for `{domains[0]}`{more} is refused: `virtual_alias_maps` has no address there",
            mend=f"add the addresses of `{domains[0]}` to `virtual_alias_maps`, or take it out of the list",
            parameter="virtual_alias_domains",
        )
