"""A wildcard in a list of domains matches nothing.

## What happens
Lists of domains hold names, not patterns. `mydestination`, `virtual_mailbox_domains` and
`virtual_alias_domains` compare a recipient's domain with each name as a whole: `*.example.com`,
`.example.com` and `@example.com` are equal to no domain, so Postfix does not take mail for any of them and
answers `454 4.7.1 Relay access denied`. `relay_domains` includes subdomains by itself: `example.com` is
enough as long as `parent_domain_matches_subdomains` lists `relay_domains`, and `.example.com` is right only
when it does not. `masquerade_domains` always includes subdomains.

## Bad
```main.cf wildcard-domain@1 fragment
mydestination = $myhostname, *.example.com
```

```main.cf wildcard-domain@1 fragment
virtual_mailbox_domains = @example.com
```

```main.cf wildcard-domain@1 fragment
relay_domains = .example.com
```

```main.cf wildcard-domain@1 fragment
mydestination = $myhostname, info@example.com
```

## Good
```main.cf fragment
mydestination = $myhostname, example.com, lists.example.com
```

```main.cf fragment
relay_domains = example.com
```

```main.cf fragment
parent_domain_matches_subdomains = debug_peer_list, smtpd_access_maps
relay_domains = example.com, .example.com
```

```main.cf fragment
virtual_mailbox_domains = pcre:/etc/postfix/our_domains
```

## What Postfix says
```witness rcpt-as 192.0.2.7 user@lists.example.com
454 4.7.1 <user@lists.example.com>: Relay access denied
```

## When it is right
Beside the bare name in `relay_domains`, `.example.com` keeps subdomains for the day on which
`parent_domain_matches_subdomains` is emptied; the rule says nothing then.

## References
- postconf(5) mydestination, virtual_mailbox_domains, relay_domains, parent_domain_matches_subdomains
- Postfix source: util/match_ops.c, cleanup/cleanup_masquerade.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import VIEW, rule
from maillint.postfix.typed import is_hostname

from .._words import DOMAINS, NO_NAME

if TYPE_CHECKING:
    from maillint.postfix.configuration import Item, View

_WHOLE_NAMES = ("mydestination", "virtual_alias_domains", "virtual_mailbox_domains")
_WITH_SUBDOMAINS = ("relay_domains", "masquerade_domains")


@rule(
    severity=ERROR,
    area="address-classes",
    parameters=DOMAINS,
    when_set=True,
    each=VIEW,
    noted=("maillint_rules._words", NO_NAME),
)
def wildcard_domain(view: View) -> Iterator[Finding]:
    for name in DOMAINS:
        if not view.is_set(name):
            continue
        items = view.items(name)
        names = {item.text.lower() for item in items}
        for item in items:
            if _is_written_here(item) and _matches_nothing(view, name, item.text.lower().lstrip("!"), names):
                yield _finding(name, item)


def _is_written_here(item: Item) -> bool:
    """Whether the item stands in this setting, rather than in one that it refers to."""
    return item.known and item.location is not None and item.location.text == item.text


def _matches_nothing(view: View, name: str, pattern: str, others: set[str]) -> bool:
    if pattern == "*":
        return True
    domain = _domain(pattern)
    if domain is None:
        return False
    if not pattern.startswith(".") or name in _WHOLE_NAMES:
        return True
    return domain not in others and _includes_subdomains(view, name)


def _includes_subdomains(view: View, name: str) -> bool:
    """Whether it is certain that a bare domain includes its subdomains, so that ``.domain`` is nothing."""
    if name == "masquerade_domains":
        return True
    styles = view.items("parent_domain_matches_subdomains")
    return all(item.known for item in styles) and name in {item.text for item in styles}


def _domain(pattern: str) -> str | None:
    """The domain in a wildcard or an address; None for a name, a table or a file."""
    for mark in ("*.", ".", "*@", "@"):
        if pattern.startswith(mark):
            domain = pattern.removeprefix(mark)
            return domain if is_hostname(domain) else None
    user, at, domain = pattern.partition("@")
    return domain if at and is_hostname(domain) and not set(user) & set(":/{") else None


def _finding(name: str, item: Item) -> Finding:
    assert item.location is not None
    domain = _domain(item.text.lower().lstrip("!"))
    address = "@" in item.text.strip("!*@")
    return Finding(
        item.location,
        f"`{item.text}` in `{name}` matches no domain: the list holds names, not {_kind(item.text)}",
        mend=f"write `{domain}`, if all mail for this domain is to come here, or remove the address"
        if address
        else _mend(name, domain),
        parameter=name,
    )


def _kind(text: str) -> str:
    return "addresses" if "@" in text else "patterns"


def _mend(name: str, domain: str | None) -> str:
    if domain is None:
        return "list each domain by its name, or name a `pcre:` table that matches the domains that are meant"
    if name in _WITH_SUBDOMAINS:
        return f"write `{domain}`, which includes its subdomains"
    return f"write `{domain}`, and each of its subdomains that has mail; a `pcre:` table can match them all"
