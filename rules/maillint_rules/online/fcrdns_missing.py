"""The address that mail leaves from has no name, or one that does not lead back to it.

## What happens
Receivers ask for the name of the address that connects (a PTR record) and then for the addresses of that
name. When there is no name, or the name does not have the address, Gmail refuses the mail with `550-5.7.25`,
and many others with `450` or `554`, or take it for spam. That counts for IPv4 and for IPv6 alike; over IPv6
most receivers are stricter.

The record belongs to the owner of the address, which is the provider: it is set in the provider's panel
("reverse DNS"), not in the zone of the domain.

## Bad
```main.cf fcrdns-missing@2
myhostname = mail.example.com
smtp_bind_address = 192.0.2.25
myorigin = example.com
```

```dns.zone
mail.example.com. 60 A   192.0.2.25
mail.example.com. 60 TXT "v=spf1 a -all"
example.com.      60 TXT "v=spf1 ip4:192.0.2.25 -all"
; 25.2.0.192.in-addr.arpa has no PTR record
```

### The name has another address
```main.cf fcrdns-missing@2
myhostname = mail.example.com
smtp_bind_address = 192.0.2.25
myorigin = example.com
```

```dns.zone
mail.example.com.         60 A   192.0.2.25
mail.example.com.         60 TXT "v=spf1 a -all"
example.com.              60 TXT "v=spf1 ip4:192.0.2.25 -all"
25.2.0.192.in-addr.arpa.  60 PTR old.example.com.
old.example.com.          60 A   198.51.100.7
```

## Good
```main.cf
myhostname = mail.example.com
smtp_bind_address = 192.0.2.25
myorigin = example.com
```

```dns.zone
mail.example.com.         60 A   192.0.2.25
mail.example.com.         60 TXT "v=spf1 a -all"
example.com.              60 TXT "v=spf1 ip4:192.0.2.25 -all"
25.2.0.192.in-addr.arpa.  60 PTR mail.example.com.
```

## When it is right
Never for a host that delivers mail itself. Through a relay, receivers see the relay's address only, and
nothing is asked.

## References
- Gmail, "Email sender guidelines"
- RFC 1912, section 2.1
- postconf(5) smtp_bind_address
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.dns.mx import host_addresses
from maillint.dns.reverse import Reverse, look_up, reverse_name
from maillint.engine.finding import ERROR, Finding, NotChecked
from maillint.engine.rule import rule

from ._asking import all_asked, ask_ahead, asked, lookup, not_answered, zone_line
from ._sources import Seen, seen_addresses

if TYPE_CHECKING:
    from maillint.dns.answer import Lookup
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="online", parameters=("smtp_bind_address",), online=True, complete=True)
def fcrdns_missing(config: Configuration) -> Iterator[Finding | NotChecked]:
    dns, addresses = lookup(config), seen_addresses(config)
    ask_ahead(dns, ((reverse_name(s.source.address), "PTR") for s in addresses if isinstance(s, Seen)))
    for seen in addresses:
        if isinstance(seen, NotChecked):
            yield seen
            continue
        found = look_up(dns, seen.source.address)
        if found.unanswered is not None:
            yield not_answered(found.unanswered, seen.location)
        elif not found.confirmed and not _lacks_address(dns, seen, found):
            name = seen.identity.greeting.name or "HOST"
            yield Finding(
                seen.location,
                f"{seen.mail}, and {_lack(found)}; Gmail refuses such mail with 550-5.7.25, others take it"
                " for"
                " spam",
                mend="let the owner of the address, which is the provider, publish its name:\n"
                + zone_line(reverse_name(seen.source.address), "PTR", f"{name}.")
                + f"\nand give {name} the address {seen.source.address}",
                confidence=seen.confidence,
                related=seen.related,
            )


def _lacks_address(dns: Lookup, seen: Seen, found: Reverse) -> bool:
    """Whether the name is that of the greeting, and has no address: the rule helo-not-resolving says so."""
    own = seen.identity.greeting.name
    return own is not None and found.names == (own,) and not host_addresses(dns, own)[0]


def _lack(found: Reverse) -> str:
    if not found.names:
        return f"that address has no name ({asked(found.question)})"
    names = ", ".join(f"`{name}`" for name in found.names)
    told = all_asked(found.confirmations)
    return f"its name {names} ({asked(found.question)}) does not lead back to it ({told})"
