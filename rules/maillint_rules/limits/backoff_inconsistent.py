"""The shortest and the longest time between two attempts do not fit.

## What happens
Mail that could not be delivered waits `minimal_backoff_time` before the second attempt, then longer each
time, up to `maximal_backoff_time`. Where the shortest time is more than the longest, it is the only one: all
mail for a server that is down is tried again at the same pace, as long as it is in the queue. The queue is
looked through every `queue_run_delay` only, so that no attempt comes sooner than that, whatever
`minimal_backoff_time` says.

## Bad
```main.cf backoff-inconsistent@1 fragment
minimal_backoff_time = 2h
maximal_backoff_time = 1h
```

### The default of the other is 4000 seconds
```main.cf backoff-inconsistent@1 fragment
minimal_backoff_time = 2h
```

```main.cf backoff-inconsistent@1 fragment
queue_run_delay = 30m
```

## Good
```main.cf fragment
queue_run_delay = 10m
minimal_backoff_time = 10m
maximal_backoff_time = 2h
```

## When it is right
Where all attempts are to come at one pace; write the same time twice then.

## References
- postconf(5) minimal_backoff_time, maximal_backoff_time, queue_run_delay
- Postfix source: qmgr/qmgr_active.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, WARNING, Finding
from maillint.engine.rule import VIEW, rule

from ..values._time import spelt
from ._limits import LONGEST_BACKOFF, RUN_DELAY, SHORTEST_BACKOFF, disordered
from ._order import written

if TYPE_CHECKING:
    from maillint.postfix.configuration import View


@rule(
    severity=WARNING,
    area="limits",
    parameters=(SHORTEST_BACKOFF, LONGEST_BACKOFF, RUN_DELAY),
    when_set=True,
    noted=("maillint_rules.limits._limits", SHORTEST_BACKOFF, RUN_DELAY),
    each=VIEW,
)
def backoff_inconsistent(view: View) -> Iterator[Finding]:
    if view.daemon not in (None, "qmgr"):
        return
    backoff = disordered(view, SHORTEST_BACKOFF, LONGEST_BACKOFF)
    if backoff is not None:
        yield Finding(
            backoff.location,
            f"each attempt comes {spelt(backoff.least)} after the one before, however often it fails:"
            f" `{SHORTEST_BACKOFF}` is more than `{LONGEST_BACKOFF}`, which is {spelt(backoff.most)}",
            mend=f"write `{LONGEST_BACKOFF} = {spelt(backoff.least)}` or more",
            parameter=backoff.parameter,
            related=backoff.related,
            fix=written(view, backoff, LONGEST_BACKOFF, backoff.least, safe=False),
        )
    run = disordered(view, RUN_DELAY, SHORTEST_BACKOFF)
    if run is not None:
        yield Finding(
            run.location,
            f"no attempt comes {spelt(run.most)} after the first, as `{SHORTEST_BACKOFF}` says: the queue is"
            f" looked through every {spelt(run.least)} only",
            mend=f"write `{SHORTEST_BACKOFF} = {spelt(run.least)}` or more, or a shorter `{RUN_DELAY}`",
            severity=INFO,
            parameter=run.parameter,
            related=run.related,
            fix=written(view, run, SHORTEST_BACKOFF, run.least, safe=False),
        )
