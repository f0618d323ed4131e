"""Mail that has come a long way is taken for a loop.

## What happens
cleanup(8) refuses a message with more `Received:` headers than `hopcount_limit`. Each forwarding, mailing
list and filter adds some, and ten or fifteen are usual in large organisations. Such mail is returned: `too
many hops`.

## Bad
```main.cf hopcount-low@1 fragment
hopcount_limit = 10
```

## Good
```main.cf fragment
hopcount_limit = 50
```

## When it is right
On a host that only ever gets mail from its own programs.

## References
- RFC 5321, section 6.3: normally at least 100; postconf(5) hopcount_limit
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, Finding
from maillint.engine.rule import rule

from .._uses import found
from ._limits import HOPS, insane

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(
    severity=INFO,
    area="limits",
    parameters=(HOPS,),
    when_set=True,
    noted=("maillint_rules.limits._limits", HOPS),
)
def hopcount_low(config: Configuration) -> Iterator[Finding]:
    for judged, hops in insane(config, HOPS):
        yield found(
            judged,
            f"mail that has passed {hops} servers and filters is taken for a loop, and returned",
            "write `50`, the default, or more",
            meant="50",
        )
