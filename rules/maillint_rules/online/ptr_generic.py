"""The address that mail leaves from has a name like those of connections at home.

## What happens
Providers give each address a name that a machine made of it, such as `static-192-0-2-25.example.net`. Spam
comes from such addresses more than from any others, so receivers and their filters (Yahoo, many rules of
SpamAssassin and of Postfix administrators) hold it against the mail, although the name leads back to the
address.

## Bad
```main.cf ptr-generic@2
myhostname = mail.example.com
smtp_bind_address = 192.0.2.25
myorigin = example.com
```

```dns.zone
mail.example.com.              60 A   192.0.2.25
mail.example.com.              60 TXT "v=spf1 a -all"
example.com.                   60 TXT "v=spf1 ip4:192.0.2.25 -all"
25.2.0.192.in-addr.arpa.       60 PTR static-192-0-2-25.example.net.
static-192-0-2-25.example.net. 60 A   192.0.2.25
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
A name of a scheme of your own, such as `out-25.mail.example.com`, is no fault.

## References
- M3AAWG, "Sender Best Common Practices"
- Yahoo, "Sender Requirements and Recommendations"
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.dns.reverse import is_generic, look_up, reverse_name
from maillint.engine.finding import INFO, MEDIUM, Finding, NotChecked
from maillint.engine.rule import rule

from ._asking import asked, lookup, not_answered, zone_line
from ._sources import seen_addresses

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=INFO, area="online", parameters=("smtp_bind_address",), online=True, complete=True)
def ptr_generic(config: Configuration) -> Iterator[Finding | NotChecked]:
    for seen in seen_addresses(config):
        if isinstance(seen, NotChecked):
            yield seen
            continue
        address = seen.source.address
        found = look_up(lookup(config), address)
        if found.unanswered is not None:
            yield not_answered(found.unanswered, seen.location)
            continue
        confirmed = found.confirmed
        if confirmed and all(is_generic(name, address) for name in confirmed):
            own = seen.identity.greeting.name or "HOST"
            yield Finding(
                seen.location,
                f"{seen.mail}, and the name of that address is `{confirmed[0]}` ({asked(found.question)}),"
                " which"
                " looks made by a machine; receivers hold such names against the mail",
                mend="let the owner of the address, which is the provider, give it the name of the host:\n"
                + zone_line(reverse_name(address), "PTR", f"{own}."),
                confidence=MEDIUM,
                related=seen.related,
            )
