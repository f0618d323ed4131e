"""An IPv6 address in a match list needs brackets.

## What happens
Without them, Postfix takes `fe80::/10` for a table of the type `fe80`. There is no such type, so each look-up
in the list that gets this far fails, and clients, IPv4 ones too, are answered 451. Of `::1`, the type is
empty: smtpd ends with a fatal error as soon as it starts.

## Bad
```main.cf mynetworks-bad-ipv6-syntax@1 fragment
mynetworks = 127.0.0.0/8 ::1/128
```

```main.cf mynetworks-bad-ipv6-syntax@1 fragment
mynetworks = 2001:db8::/32 127.0.0.0/8
```

## Good
```main.cf fragment
mynetworks = 127.0.0.0/8 [::1]/128 [2001:db8::]/32
```

## What Postfix says
```witness connect
postfix/smtpd: fatal: open dictionary: expecting "type:name" form instead of "::1/128"
```

```witness rcpt bad=2
postfix/smtpd: error: unsupported dictionary type: 2001
451 4.3.0 ... Temporary lookup failure
```

## When it is right
Never. In cidr tables, IPv6 addresses stand without brackets.

## References
- postconf(5) mynetworks
- Postfix source: util/match_list.c, util/dict_open.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix.matchlist import TABLE, address_problem, is_ipv6_without_brackets

from ._patterns import BARE_IPV6, CLIENT_LISTS, compares_addresses, placed_patterns

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(
    severity=ERROR,
    area="lists",
    parameters=CLIENT_LISTS,
    when_set=True,
    noted=("maillint_rules.lists._patterns", BARE_IPV6),
)
def mynetworks_bad_ipv6_syntax(config: Configuration) -> Iterator[Finding]:
    for placed in placed_patterns(config):
        text = placed.pattern.text
        if (
            placed.pattern.kind != TABLE
            or not compares_addresses(placed)
            or not is_ipv6_without_brackets(text)
        ):
            continue
        address, slash, bits = text.partition("/")
        meant = f"[{address}]{slash}{bits}"
        problem = address_problem(meant)
        meant = problem.instead or meant if problem is not None else meant
        effect = (
            "each program that reads the list stops with a fatal error"
            if text.startswith(":")
            else "each client that no earlier entry matches gets an error such as 451"
        )
        yield Finding(
            placed.location,
            f"{effect}: without brackets, `{text}` is a table of the type `{text.partition(':')[0]}`",
            mend=f"write `{meant}`",
            parameter=placed.parameter,
            related=placed.related,
            fix=Fix.write(placed.location, meant) if placed.is_written else None,
            services=placed.readers.services,
        )
