"""The address that mail leaves from is on a list that many receivers refuse mail by.

## What happens
Most receivers ask a few lists about each address that connects, Spamhaus ZEN first, and refuse the mail of
those that are listed: `554 5.7.1 Service unavailable; Client host blocked using zen.spamhaus.org`. The codes
127.0.0.10 and 127.0.0.11 (PBL) mean that no mail is expected from the address at all, as from connections at
home; the others, that spam or attacks came from it.

A list refuses the questions of public resolvers (8.8.8.8, 1.1.1.1 ...), or answers them with 127.255.255.254;
that is no listing, and the question counts as not checked. Ask through a resolver of your own. The rule is
off by default, because it tells the operators of the lists which address is asked about.

## Bad
```main.cf dnsbl-listed@2
myhostname = mail.example.com
smtp_bind_address = 192.0.2.25
myorigin = example.com
```

```dns.zone
25.2.0.192.zen.spamhaus.org. 60 A   127.0.0.4
mail.example.com.            60 A   192.0.2.25
mail.example.com.            60 TXT "v=spf1 a -all"
example.com.                 60 TXT "v=spf1 ip4:192.0.2.25 -all"
25.2.0.192.in-addr.arpa.     60 PTR mail.example.com.
```

## Good
```main.cf
myhostname = mail.example.com
smtp_bind_address = 192.0.2.25
myorigin = example.com
```

```dns.zone
mail.example.com.        60 A   192.0.2.25
mail.example.com.        60 TXT "v=spf1 a -all"
example.com.             60 TXT "v=spf1 ip4:192.0.2.25 -all"
25.2.0.192.in-addr.arpa. 60 PTR mail.example.com.
```

## When it is right
Never for an address that delivers mail itself.

## References
- docs.spamhaus.com, "DNSBL usage" and "Return codes"
- RFC 5782
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.dns.dnsbl import is_public_resolver, look_up
from maillint.engine.finding import WARNING, Finding, NotChecked
from maillint.engine.rule import rule

from ._asking import asked, lookup
from ._sources import seen_addresses

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

LISTS = ("zen.spamhaus.org", "bl.spamcop.net")
"""Those that most receivers ask, and that answer small hosts without a contract."""


@rule(
    severity=WARNING,
    area="online",
    parameters=("smtp_bind_address",),
    online=True,
    complete=True,
    default=False,
)
def dnsbl_listed(config: Configuration) -> Iterator[Finding | NotChecked]:
    dns = lookup(config)
    servers = [str(server) for server in getattr(dns, "servers", ())]
    for seen in seen_addresses(config):
        if isinstance(seen, NotChecked):
            yield seen
            continue
        address = seen.source.address
        if servers and all(map(is_public_resolver, servers)):
            reason = (
                f"DNS lists do not answer the public resolver {servers[0]}; name your own with --resolver"
            )
            yield NotChecked("", reason, location=seen.location)
            continue
        for zone in LISTS:
            listing = look_up(dns, address, zone)
            if listing.refused:
                yield NotChecked("", listing.refused, str(listing.answer.question), seen.location)
            elif listing.codes:
                yield Finding(
                    seen.location,
                    f"{seen.mail}, and that address is listed by {zone} with {', '.join(listing.codes)}"
                    f" ({asked(listing.answer)}); receivers that ask the list refuse the mail",
                    mend=f"look up why at https://check.spamhaus.org/query/ip/{address}"
                    if zone.endswith("spamhaus.org")
                    else f"look up why at https://www.spamcop.net/w3m?action=checkblock&ip={address}",
                    confidence=seen.confidence,
                    related=seen.related,
                )
