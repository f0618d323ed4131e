"""A domain in a list ends with a dot.

## What happens
Postfix takes the final dot off the domain of an address, and then compares it with each name in the list as a
whole: `example.com.` is equal to no domain. Mail for it is answered `454 4.7.1 Relay access denied`, or goes
out to wherever its MX record points.

## Bad
```main.cf domain-with-trailing-dot@1 fragment
mydestination = localhost, example.com.
```

```main.cf domain-with-trailing-dot@1 fragment
relay_domains = example.net.
```

## Good
```main.cf fragment
mydestination = localhost, example.com
```

## What Postfix says
```witness rcpt-as 192.0.2.7 user@example.com
454 4.7.1 <user@example.com>: Relay access denied
```

## When it is right
Never: where the name stands there without the dot as well, the one with the dot does nothing.

## References
- postconf(5) mydestination, relay_domains
- Postfix source: trivial-rewrite/resolve.c, util/match_ops.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, WARNING, Edit, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix.domains import LISTS
from maillint.syntax.source import Location, Span

from ._lists import DOTTED, dotted_domains, usable_lists

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(
    severity=ERROR,
    area="address-classes",
    parameters=LISTS,
    when_set=True,
    noted=("maillint_rules.address_classes._lists", DOTTED),
)
def domain_with_trailing_dot(config: Configuration) -> Iterator[Finding]:
    named = {listed.domain for found in usable_lists(config).values() for listed in found.domains}
    for listed in dotted_domains(config):
        location, domain = listed.item.location, listed.domain[:-1]
        assert location is not None
        dot = Location(location.source, Span(location.span.end - 1, location.span.end))
        yield Finding(
            location,
            f"`{listed.domain}` in `{listed.parameter}` matches no domain:"
            " Postfix looks for the name without the final dot",
            mend=f"write `{domain}`",
            severity=WARNING if domain in named else ERROR,
            parameter=listed.parameter,
            fix=Fix("take the dot off", (Edit(dot, ""),)),
        )
