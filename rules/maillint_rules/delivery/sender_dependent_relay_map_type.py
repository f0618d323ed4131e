"""A table for senders has a domain without @.

## What happens
The tables in `sender_dependent_relayhost_maps` and `sender_dependent_default_transport_maps` are asked for
the address of the sender, then for `@` and its domain. Nobody asks for the bare domain: the entry does
nothing, and the mail goes the usual way, past the relay that was meant for it.

## Bad
```main.cf sender-dependent-relay-map-type@4
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
sender_dependent_relayhost_maps = texthash:/etc/postfix/relays
```
```relays
example.net [smtp.example.net]
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
sender_dependent_relayhost_maps = texthash:/etc/postfix/relays
```
```relays
@example.net [smtp.example.net]
```

## When it is right
Where the local part of some address is written like a domain.

## References
- postconf(5) sender_dependent_relayhost_maps, sender_dependent_default_transport_maps
- Postfix source: trivial-rewrite/resolve.c, global/mail_addr_find.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding
from maillint.engine.rule import rule

from ._transports import BARE_SENDER, BY_SENDER, bare_senders

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.syntax.source import Location

    from ._transports import Entry


@rule(
    severity=WARNING,
    area="delivery",
    parameters=BY_SENDER,
    when_set=True,
    tables=True,
    noted=("maillint_rules.delivery._transports", BARE_SENDER),
)
def sender_dependent_relay_map_type(config: Configuration) -> Iterator[Finding]:
    by_place: dict[Location, list[Entry]] = {}
    for entry in bare_senders(config):
        assert entry.item.location is not None
        by_place.setdefault(entry.item.location, []).append(entry)
    for location, entries in by_place.items():
        key = entries[0].found.key
        more = f", and for {len(entries) - 1} other keys" if entries[1:] else ""
        yield Finding(
            location,
            f"nobody asks this table for `{key}`{entries[0].where}{more}:"
            " it is asked for addresses, and for `@` with their domain",
            mend=f"write `@{key}`",
            parameter=entries[0].parameter,
        )
