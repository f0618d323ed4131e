"""The host takes mail for domains of others.

## What happens
`reject_unauth_destination` lets everybody send to the domains in `relay_domains`. A top-level domain such as
`com` there stands for all domains in it, a table such as `static:all` for all domains there are: the host
relays for everybody. With the domain of a large provider in it, everybody can send spam to its users through
this host.

## Bad
```main.cf relay-domains-wide@1 fragment
relay_domains = example.com, com
relay_recipient_maps = hash:/etc/postfix/relay_recipients
```

```main.cf relay-domains-wide@1 fragment
relay_domains = static:all
relay_recipient_maps = hash:/etc/postfix/relay_recipients
```

### The domain of a provider
```main.cf relay-domains-wide@1 fragment
relay_domains = example.com, gmail.com
relay_recipient_maps = hash:/etc/postfix/relay_recipients
```

## Good
```main.cf fragment
relay_domains = example.com, example.org, intern.local
relay_recipient_maps = hash:/etc/postfix/relay_recipients
```

## When it is right
Where only own hosts can connect.

## References
- postconf(5) relay_domains, parent_domain_matches_subdomains
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, WARNING, Finding
from maillint.engine.rule import rule
from maillint.postfix.listening import LOOPBACK, NOBODY, smtp_reach
from maillint.postfix.matchlist import PLAIN, TABLE

from ._networks import entries

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_RELAY_DOMAINS = "relay_domains"
_PARENTS = "parent_domain_matches_subdomains"
_TOP_LEVEL = frozenset(
    ("com", "net", "org", "info", "biz", "edu", "gov", "io", "de", "uk", "eu", "cn", "ru", "br")
)
_PROVIDERS = frozenset(
    (
        "aol.com",
        "gmail.com",
        "gmx.de",
        "googlemail.com",
        "hotmail.com",
        "icloud.com",
        "live.com",
        "mail.ru",
        "msn.com",
        "outlook.com",
        "qq.com",
        "yahoo.com",
    )
)


@rule(severity=ERROR, area="relay-security", parameters=(_RELAY_DOMAINS,), when_set=True, security=True)
def relay_domains_wide(config: Configuration) -> Iterator[Finding]:
    if smtp_reach(config) in (LOOPBACK, NOBODY):
        return
    for placed in entries(config, _RELAY_DOMAINS):
        pattern = placed.pattern
        name = pattern.text.lower()
        by_parent = any(item.text == _RELAY_DOMAINS for item in placed.judged.view.items(_PARENTS))
        if pattern.negated:
            continue
        if pattern.kind == TABLE and name.startswith("static:"):
            what, severity = "every domain of the Internet", ERROR
        elif pattern.kind == PLAIN and by_parent and name in _TOP_LEVEL:
            what, severity = f"every domain in `{name}`", ERROR
        elif pattern.kind == PLAIN and name in _PROVIDERS:
            what, severity = f"the users of `{name}`", WARNING
        else:
            continue
        yield Finding(
            placed.location,
            f"this host relays mail from everybody to {what}: `{pattern.text}` stands in `{_RELAY_DOMAINS}`",
            mend="list only domains whose mail servers are yours; where mail from you goes, needs no entry",
            severity=severity,
            parameter=_RELAY_DOMAINS,
            related=placed.related,
        )
