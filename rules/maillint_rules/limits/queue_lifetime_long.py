"""The sender hears only after weeks that a message did not arrive.

## What happens
What cannot be delivered stays in the queue for `maximal_queue_lifetime`, and only then does the sender get it
back. After five days hardly a message is delivered any more; but the queue grows, and it is looked through
again and again.

## Bad
```main.cf queue-lifetime-long@1 fragment
maximal_queue_lifetime = 30d
```

## Good
```main.cf fragment
maximal_queue_lifetime = 5d
```

## When it is right
On a backup MX, which keeps the mail of a server until it is back.

## References
- RFC 5321, section 4.5.4.1; postconf(5) maximal_queue_lifetime
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, Finding
from maillint.engine.rule import rule

from .._uses import found
from ..values._time import spelt
from ._limits import LIFETIME, SANE, insane

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(
    severity=INFO,
    area="limits",
    parameters=(LIFETIME,),
    when_set=True,
    noted=("maillint_rules.limits._limits", LIFETIME),
)
def queue_lifetime_long(config: Configuration) -> Iterator[Finding]:
    if config.main_view.is_set("relay_domains"):
        return
    for judged, seconds in insane(config, LIFETIME):
        if seconds > (SANE[LIFETIME].most or 0):
            yield found(
                judged,
                f"a sender hears only after {spelt(seconds)} that his mail did not arrive",
                "write `5d`",
                meant="5d",
                sure=False,
            )
