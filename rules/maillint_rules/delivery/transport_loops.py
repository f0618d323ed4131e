"""The next hop for a domain of this host is the domain itself.

## What happens
Without brackets, a next hop is a domain whose mail servers the client asks the DNS for. For a domain that
this host takes mail for, that leads back to this host as soon as it is the mail server of the domain: the
client notices, and the mail comes back to its sender (`mail for example.com loops back to myself`).

A next hop that is this host itself, by name or by address, has the rule `relayhost-loops`.

## Bad
```main.cf transport-loops@5
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
relay_domains = example.net
transport_maps = inline:{ example.net=relay:example.net }
relay_recipient_maps = inline:{ user@example.net=ok }
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
relay_domains = example.net
transport_maps = inline:{ example.net=relay:[inside.example.net] }
relay_recipient_maps = inline:{ user@example.net=ok }
```

## When it is right
On a backup MX, whose mail goes to the mail server that comes first; there the entry says what is so anyway.

## References
- transport(5)
- Postfix source: smtp/smtp_addr.c (smtp_domain_addr)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import MEDIUM, WARNING, Finding
from maillint.engine.rule import rule
from maillint.postfix.role import BACKUP_MX, has_role

from .._chain import set_here
from ._transports import ROUND, round_trips

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(
    severity=WARNING,
    area="delivery",
    parameters=("transport_maps",),
    when_set=True,
    complete=True,
    tables=True,
    noted=("maillint_rules.delivery._transports", ROUND),
)
def transport_loops(config: Configuration) -> Iterator[Finding]:
    for route, server, parameter in round_trips(config):
        location = route.location(server)
        if location is None or has_role(config, BACKUP_MX):
            continue
        yield Finding(
            location,
            f"mail for `{server.host}` goes to the mail servers of `{server.host}`, says {route.where}: if"
            f" this host is one, as `{parameter}` lets expect, it loops and comes back",
            mend=f"write the host that has the mailboxes, in brackets, as in `[inside.{server.host}]`",
            confidence=MEDIUM,
            parameter="transport_maps",
            related=set_here((config.main_view.setting(parameter),)),
        )
