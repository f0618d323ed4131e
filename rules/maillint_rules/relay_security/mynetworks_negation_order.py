"""An exception from mynetworks stands behind what it is an exception of.

## What happens
The first entry that matches decides. `10.0.0.0/8, !10.1.2.3` trusts 10.1.2.3, too: Postfix never gets to the
exception.

## Bad
```main.cf mynetworks-negation-order@1 fragment
mynetworks = 127.0.0.0/8, 10.0.0.0/8, !10.1.2.0/24
```

## Good
```main.cf fragment
mynetworks = 127.0.0.0/8, !10.1.2.0/24, 10.0.0.0/8
```

## When it is right
Never.

## References
- postconf(5) mynetworks
- Postfix source: util/match_list.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding, Fix, Related
from maillint.engine.rule import rule

from .._items import moved_in_front
from ._networks import LATE_EXCEPTION, NETWORKS, late_exceptions

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

    from ..lists._patterns import Placed


@rule(
    severity=WARNING,
    area="relay-security",
    parameters=(NETWORKS,),
    when_set=True,
    noted=("maillint_rules.relay_security._networks", LATE_EXCEPTION),
    security=True,
)
def mynetworks_negation_order(config: Configuration) -> Iterator[Finding]:
    for placed, cause in late_exceptions(config):
        yield Finding(
            placed.location,
            f"`{placed.pattern.item.text}` has no effect: `{cause.pattern.text}` before it matches these"
            " clients, and they are trusted",
            mend=f"move `{placed.pattern.item.text}` in front of `{cause.pattern.text}`",
            parameter=NETWORKS,
            related=(Related(cause.location, "this matches first"), *placed.related),
            fix=_fix(placed, cause),
        )


def _fix(placed: Placed, cause: Placed) -> Fix | None:
    """Move the exception in front, where both are written in one list."""
    item = placed.pattern.item
    whole = placed.judged.location(item.start, item.start + len(item.text))
    if whole.text != item.text or not cause.is_written or cause.location.source is not whole.source:
        return None
    return Fix(f"move `{item.text}`", moved_in_front(placed.judged.setting, whole, cause.location))
