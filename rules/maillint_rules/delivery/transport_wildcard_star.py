"""The entry `*` in transport_maps sends mail away that is for this host.

## What happens
`transport_maps` comes before the transports of the address classes, and `*` is the entry of every domain that
has none of its own, those in `mydestination` and `virtual_mailbox_domains` included. Mail for their users
goes to the next hop of `*`, which may well send it back.

`relayhost` is for what is meant in most cases: it is about mail for other hosts alone.

## Bad
```main.cf transport-wildcard-star@5
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
mydestination = $myhostname, $mydomain, localhost
transport_maps = texthash:/etc/postfix/transport
```
```transport
* smtp:[relay.example.net]
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
mydestination = $myhostname, $mydomain, localhost
relayhost = [relay.example.net]
```

```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
mydestination = $myhostname, $mydomain, localhost
transport_maps = texthash:/etc/postfix/transport
```
```transport
localhost local:
example.com local:
.example.com local:
* smtp:[relay.example.net]
```

## What Postfix says
```witness deliver user@example.com
postfix/smtp: ...: to=<user@example.com>, ...
```

## When it is right
Where another host is to get the mail for these domains as well; an empty `mydestination` says so better.

## References
- transport(5)
- Postfix source: trivial-rewrite/resolve.c, transport.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, MEDIUM, WARNING, Finding
from maillint.engine.rule import rule

from .._chain import set_here
from ._transports import STAR, swallowed_domains

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(
    severity=WARNING,
    area="delivery",
    parameters=("transport_maps",),
    when_set=True,
    complete=True,
    tables=True,
    noted=("maillint_rules.delivery._transports", STAR),
)
def transport_wildcard_star(config: Configuration) -> Iterator[Finding]:
    found = list(swallowed_domains(config))
    host = (config.main_view.value("myhostname").text or "").lower()
    own = [listed.domain for _, listed in found if listed.domain != host]
    if not found:
        return
    entry, listed = found[0]
    assert entry.item.location is not None
    domains = own or [listed.domain]
    more = f" and {len(domains) - 1} other domains" if domains[1:] else ""
    yield Finding(
        entry.item.location,
        f"mail for `{domains[0]}`{more} is not delivered here, as `{listed.parameter}` says, but goes to"
        f" `{entry.found.value}`: `*`{entry.where} stands for these domains, too",
        mend="name the next hop in `relayhost` instead of `*`, or give these domains entries of their own",
        severity=WARNING if own else INFO,
        confidence=MEDIUM,
        parameter="transport_maps",
        related=set_here((config.main_view.setting(listed.parameter),)),
    )
