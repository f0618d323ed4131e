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

from ._networks import RELAY_DOMAINS, WIDE_DOMAIN, wide_domains

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(
    severity=ERROR,
    area="relay-security",
    parameters=(RELAY_DOMAINS,),
    when_set=True,
    noted=("maillint_rules.relay_security._networks", WIDE_DOMAIN),
    security=True,
)
def relay_domains_wide(config: Configuration) -> Iterator[Finding]:
    for placed, what, is_open in wide_domains(config):
        yield Finding(
            placed.location,
            f"this host relays mail from everybody to {what}: `{placed.pattern.text}` stands in"
            f" `{RELAY_DOMAINS}`",
            mend="list only domains whose mail servers are yours; where mail from you goes, needs no entry",
            severity=ERROR if is_open else WARNING,
            parameter=RELAY_DOMAINS,
            related=placed.related,
        )
