"""A network in a match list is written in a form that Postfix cannot read.

## What happens
A network is an address and a number of bits, such as `10.0.0.0/8` or `[2001:db8::]/32`. The mask
`255.0.0.0` is no number of bits, and `127/8` no address. Postfix finds out when a client connects that no
earlier entry of the list has matched: it logs a warning and gives up on the list. With `mynetworks`, each
such client gets `451 4.3.0 Temporary lookup failure`; no mail is accepted. Before Postfix 2.9 smtpd ended
with a fatal error.

## Bad
```main.cf bad-network-pattern@1 fragment
mynetworks = 127.0.0.0/255.0.0.0
```

```main.cf bad-network-pattern@1 fragment
mynetworks = 10.0.0.0/33
```

```main.cf bad-network-pattern@1 fragment
mynetworks = 10/8
```

```main.cf bad-network-pattern@1 fragment
smtpd_authorized_xforward_hosts = 127.0.0.0/8, [2001:db8::/32
```

## Good
```main.cf fragment
mynetworks = 127.0.0.0/8 10.0.0.0/8
smtpd_authorized_xforward_hosts = 127.0.0.0/8, [2001:db8::]/32
```

## What Postfix says
```witness rcpt
postfix/smtpd: warning: mynetworks: bad mask value in "127.0.0.0/255.0.0.0"
451 4.3.0 ... Temporary lookup failure
```

```witness rcpt bad=2
postfix/smtpd: warning: mynetworks: bad mask length in "10.0.0.0/33"
451 4.3.0 ... Temporary lookup failure
```

```witness rcpt bad=3
postfix/smtpd: warning: mynetworks: bad network value in "10/8"
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

from maillint.addresses import packed
from maillint.engine.finding import ERROR, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix.matchlist import (
    BAD_BRACKETS,
    BAD_MASK,
    BAD_NETWORK,
    HOST_BITS,
    PLAIN,
    address_problem,
)

from ._patterns import CLIENT_LISTS, compares_addresses, placed_patterns

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_WHY = {
    BAD_MASK: "what stands behind the `/` is no number of bits that the address has",
    BAD_NETWORK: "what stands before the `/` is no whole address",
    BAD_BRACKETS: "its brackets are not those of an address",
}


@rule(
    severity=ERROR,
    area="lists",
    parameters=CLIENT_LISTS,
    when_set=True,
    noted=("maillint_rules.lists._patterns", BAD_MASK, BAD_NETWORK, BAD_BRACKETS),
)
def bad_network_pattern(config: Configuration) -> Iterator[Finding]:
    for placed in placed_patterns(config):
        if placed.pattern.kind != PLAIN or not compares_addresses(placed):
            continue
        text = placed.pattern.text
        problem = address_problem(text)
        if problem is None or problem.kind == HOST_BITS:
            continue
        meant = _meant(text)
        example = "[2001:db8::]/32" if problem.family == 6 else "10.0.0.0/8"
        yield Finding(
            placed.location,
            f"{placed.failure(problem.family)}: `{text}` is no network, {_WHY[problem.kind]}",
            mend=f"write `{meant}`" if meant else f"write an address and a number of bits, as in `{example}`",
            parameter=placed.parameter,
            related=placed.related,
            fix=Fix.write(placed.location, meant) if meant and placed.is_written else None,
            services=placed.readers.services,
        )


def _meant(text: str) -> str | None:
    """The network with its mask as a number of bits, or with the zeros that were left out."""
    network, _, mask = text.partition("/")
    bits = _bits(mask)
    address = ".".join([*network.split("."), "0", "0", "0"][:4])
    if bits is None or packed(address) is None:
        return None
    meant = f"{address}/{bits}"
    problem = address_problem(meant)
    return meant if problem is None else problem.instead or None


def _bits(mask: str) -> int | None:
    """The number of bits of a mask such as ``255.255.0.0``, or of a number."""
    if mask.isdecimal() and len(mask) < 3:
        return int(mask)
    parts = packed(mask) if "." in mask else None
    if parts is None:
        return None
    digits = "".join(f"{part:08b}" for part in parts)
    return digits.count("1") if "01" not in digits else None
