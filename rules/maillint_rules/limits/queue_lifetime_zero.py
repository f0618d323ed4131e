"""Mail is given up after a short time.

## What happens
What cannot be delivered within `maximal_queue_lifetime` goes back to its sender. Many servers put off the
first mail of a stranger by some minutes (greylisting), and every server is down or overloaded now and then:
with a lifetime of an hour, all that is lost to the recipient. With 0 there is one attempt.

## Bad
```main.cf queue-lifetime-zero@1 fragment
maximal_queue_lifetime = 0
bounce_queue_lifetime = 0
```

```main.cf queue-lifetime-zero@1 fragment
maximal_queue_lifetime = 1h
bounce_queue_lifetime = 1h
```

## Good
```main.cf fragment
maximal_queue_lifetime = 5d
# The bounces of spam need not wait that long.
bounce_queue_lifetime = 0
```

## When it is right
Where an application looks at the bounces and tries again itself, or a mail is worthless after an hour.

## References
- RFC 5321, section 4.5.4.1: the give-up time generally needs to be at least 4 or 5 days
- postconf(5) maximal_queue_lifetime
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding
from maillint.engine.rule import rule

from .._uses import found
from ..values._time import spelt
from ._limits import LIFETIME, SANE, insane

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(
    severity=WARNING,
    area="limits",
    parameters=(LIFETIME,),
    when_set=True,
    noted=("maillint_rules.limits._limits", LIFETIME),
)
def queue_lifetime_zero(config: Configuration) -> Iterator[Finding]:
    for judged, seconds in insane(config, LIFETIME):
        if seconds < (SANE[LIFETIME].least or 0):
            when = f"that cannot be delivered within {spelt(seconds)}" if seconds else "that is put off once"
            yield found(
                judged,
                f"mail {when} goes back to its sender, be the reason greylisting or a server that is down",
                "write `5d`",
                meant="5d",
                sure=False,
            )
