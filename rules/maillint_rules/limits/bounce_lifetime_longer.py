"""Bounces are to live longer than other mail; they will not.

## What happens
qmgr(8) warns `bounce_queue_lifetime is larger than maximal_queue_lifetime` each time it starts, and takes the
lifetime of other mail for bounces, too. So it is where `maximal_queue_lifetime` alone is lowered.

## Bad
```main.cf bounce-lifetime-longer@1 fragment
maximal_queue_lifetime = 2d
```

```main.cf bounce-lifetime-longer@2 fragment
maximal_queue_lifetime = 5d
bounce_queue_lifetime = 7d
```

## Good
```main.cf fragment
maximal_queue_lifetime = 2d
bounce_queue_lifetime = 1d
```

## What Postfix says
```witness start
postfix/qmgr: warning: bounce_queue_lifetime is larger than maximal_queue_lifetime - adjusting ...
```

## When it is right
Never; but nothing is lost by it.

## References
- postconf(5) bounce_queue_lifetime
- Postfix source: qmgr/qmgr.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, Finding
from maillint.engine.rule import VIEW, rule

from ..values._time import spelt
from ._limits import BOUNCE_LIFETIME, LIFETIME, disordered
from ._order import written

if TYPE_CHECKING:
    from maillint.postfix.configuration import View


@rule(
    severity=INFO,
    area="limits",
    parameters=(BOUNCE_LIFETIME, LIFETIME),
    when_set=True,
    noted=("maillint_rules.limits._limits", BOUNCE_LIFETIME),
    each=VIEW,
)
def bounce_lifetime_longer(view: View) -> Iterator[Finding]:
    found = disordered(view, BOUNCE_LIFETIME, LIFETIME)
    if found is not None and view.daemon in (None, "qmgr"):
        yield Finding(
            found.location,
            f"bounces live {spelt(found.most)} like other mail: `qmgr` does not take the {spelt(found.least)}"
            f" of `{BOUNCE_LIFETIME}`, and warns each time that it starts",
            mend=f"write `{BOUNCE_LIFETIME} = {spelt(found.most)}` or less",
            parameter=found.parameter,
            related=found.related,
            fix=written(view, found, BOUNCE_LIFETIME, found.most),
        )
