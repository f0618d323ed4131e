"""The address of a network has bits that its mask cuts off.

## What happens
`10.1.2.3/24` is no network for Postfix. It finds out when a client connects that no earlier entry of the list
has matched: it logs a warning and gives up on the list. With `mynetworks`, each such client gets
`451 4.3.0 Temporary lookup failure`; no mail is accepted. Before Postfix 2.9 smtpd ended with a fatal error.

## Bad
```main.cf cidr-host-bits@1 fragment
mynetworks = 127.0.0.1/8
```

```main.cf cidr-host-bits@1 fragment
mynetworks = 127.0.0.0/8 [2001:db8:1::25]/48
```

## Good
```main.cf fragment
mynetworks = 127.0.0.0/8 [2001:db8:1::]/48
```

## What Postfix says
```witness rcpt
postfix/smtpd: warning: mynetworks: non-null host address bits in "127.0.0.1/8", ...
451 4.3.0 ... Temporary lookup failure
```

## When it is right
Never.

## References
- postconf(5) mynetworks
- Postfix source: util/cidr_match.c, util/match_ops.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix.matchlist import HOST_BITS, PLAIN, address_problem

from ._patterns import CLIENT_LISTS, compares_addresses, placed_patterns

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(
    severity=ERROR,
    area="lists",
    parameters=CLIENT_LISTS,
    when_set=True,
    noted=("maillint_rules.lists._patterns", HOST_BITS),
)
def cidr_host_bits(config: Configuration) -> Iterator[Finding]:
    for placed in placed_patterns(config):
        if placed.pattern.kind != PLAIN or not compares_addresses(placed):
            continue
        problem = address_problem(placed.pattern.text)
        if problem is None or problem.kind != HOST_BITS:
            continue
        host = placed.pattern.text.replace("]", "").partition("/")[0] + "]" * (problem.family == 6)
        yield Finding(
            placed.location,
            f"{placed.failure(problem.family)}: `{placed.pattern.text}` is no network, its address has bits"
            " beyond the mask",
            mend=f"write `{problem.instead}` for the network, or `{host}` for this host alone",
            parameter=placed.parameter,
            related=placed.related,
            fix=Fix.write(placed.location, problem.instead, safe=False) if placed.is_written else None,
            services=placed.readers.services,
        )
