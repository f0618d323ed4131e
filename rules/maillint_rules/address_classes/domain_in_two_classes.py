"""One domain in two lists that say different things of it.

## What happens
A domain is local (`mydestination`), has aliases only (`virtual_alias_domains`), has mailboxes without
accounts (`virtual_mailbox_domains`) or is passed on (`relay_domains`). The first of these lists, in this
order, decides; what the others say of the domain has no effect. trivial-rewrite(8) warns of it for each
message. Most often the host's own name or domain stands in `mydestination` as well, and its virtual users
are answered with `User unknown in local recipient table`.

## Bad
```main.cf domain-in-two-classes@3 fragment
mydestination = example.com, localhost
virtual_mailbox_maps = static:user
virtual_mailbox_domains = example.net, Example.com
```

```main.cf domain-in-two-classes@2 fragment
virtual_alias_domains = example.org
relay_domains = example.org
```

```main.cf domain-in-two-classes@5
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
mydestination = $myhostname, localhost
relay_domains = texthash:/etc/postfix/relayed
relay_recipient_maps = static:known
virtual_alias_maps = texthash:/etc/postfix/virtual
```
```relayed
example.net any
example.org any
```
```virtual
example.org any
info@example.org office@mail.example.com
postmaster@example.org office@mail.example.com
```

## Good
```main.cf fragment
mydestination = mail.example.com, localhost
virtual_mailbox_maps = static:user
virtual_mailbox_domains = example.net, example.com
relay_domains = $mydestination
```

## What Postfix says
```witness rcpt user@example.com
postfix/trivial-rewrite: warning: do not list domain example.com in BOTH mydestination and ...
```

```witness rcpt user@example.org bad=2
postfix/trivial-rewrite: warning: do not list domain example.org in BOTH virtual_alias_domains and ...
```

## When it is right
Never.

## References
- ADDRESS_CLASS_README; VIRTUAL_README
- Postfix source: trivial-rewrite/resolve.c
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, WARNING, Finding, Related
from maillint.engine.rule import rule
from maillint.postfix.domains import LISTS

from ._lists import DOUBLED, Doubled, doubled_domains, place

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.syntax.source import Location


@rule(
    severity=ERROR,
    area="address-classes",
    parameters=LISTS,
    when_set=True,
    noted=("maillint_rules.address_classes._lists", DOUBLED),
)
def domain_in_two_classes(config: Configuration) -> Iterator[Finding]:
    by_place: dict[tuple[str, Location], list[Doubled]] = {}
    for doubled in doubled_domains(config):
        location = place(config, doubled.listed.parameter, doubled.listed.item)
        if location is not None:
            by_place.setdefault((doubled.listed.parameter, location), []).append(doubled)
    for (name, location), group in by_place.items():
        yield _finding(config, name, location, group)


def _finding(config: Configuration, name: str, location: Location, group: list[Doubled]) -> Finding:
    listed, first = group[0]
    elsewhere = place(config, first.parameter, first.item)
    source = f", line {listed.line} of `{os.path.basename(listed.path)}`," if listed.path else ""
    verb = "stand" if group[1:] else "stands"
    more = f" and {len(group) - 1} more" if group[1:] else ""
    return Finding(
        location,
        f"`{listed.domain}`{source}{more} {verb} in `{first.parameter}` as well, which decides:"
        f" `{name}` has no effect for it",
        mend="keep the domain in one of the two lists",
        severity=_severity(name, first.parameter),
        parameter=name,
        related=(Related(elsewhere, f"it stands in `{first.parameter}` here"),) if elsewhere else (),
    )


def _severity(name: str, first: str) -> str:
    """Aliases of a local domain work all the same."""
    return ERROR if first == LISTS[0] and name != "virtual_alias_domains" else WARNING
