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

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, WARNING, Finding, Related
from maillint.engine.rule import rule
from maillint.postfix.matchlist import PLAIN, patterns

from .._told import told

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.syntax.source import Location

_CLASSES = ("mydestination", "virtual_alias_domains", "virtual_mailbox_domains", "relay_domains")
"""In the order in which they decide."""
_MAY_SHARE = frozenset({("mydestination", "relay_domains")})
"""The default of relay_domains was once $mydestination."""


@rule(severity=ERROR, area="address-classes", parameters=_CLASSES, when_set=True)
def domain_in_two_classes(config: Configuration) -> Iterator[Finding]:
    decided: dict[str, tuple[str, Location | None]] = {}
    for name in _CLASSES:
        doubled: dict[Location, list[str]] = {}
        for domain, location in _domains(config, name).items():
            first, _ = decided.setdefault(domain, (name, location))
            if location is not None and first != name and (first, name) not in _MAY_SHARE:
                doubled.setdefault(location, []).append(domain)
        for location, domains in doubled.items():
            yield _finding(name, location, domains, *decided[domains[0]])


def _domains(config: Configuration, name: str) -> dict[str, Location | None]:
    """The domains that stand in the list by name, in lower case."""
    value = config.main_view.value(name)
    if told(value):
        return {}
    found: dict[str, Location | None] = {}
    excluded: set[str] = set()
    for pattern in patterns(value, config.version):
        domain = pattern.text.lower()
        if pattern.kind != PLAIN or not pattern.item.known:
            continue
        if pattern.negated:
            excluded.add(domain)
        elif domain not in excluded:
            found.setdefault(domain, pattern.item.location)
    return found


def _finding(
    name: str, location: Location, domains: list[str], first: str, elsewhere: Location | None
) -> Finding:
    what = f"`{domains[0]}`" + (f" and {len(domains) - 1} more stand" if domains[1:] else " stands")
    return Finding(
        location,
        f"{what} in `{first}` as well, which decides: `{name}` has no effect for it",
        mend="keep the domain in one of the two lists",
        severity=ERROR if first == "mydestination" else WARNING,
        parameter=name,
        related=(Related(elsewhere, f"it stands in `{first}` here"),) if elsewhere else (),
    )
