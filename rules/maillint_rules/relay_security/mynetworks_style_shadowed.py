"""mynetworks_style has no effect, because mynetworks is set.

## What happens
`mynetworks_style` says what `mynetworks` is where that is not set. Whoever changes the style to trust fewer
or more clients wonders why nothing changes.

## Bad
```main.cf mynetworks-style-shadowed@2 fragment
mynetworks = 127.0.0.0/8, 192.168.10.0/24
mynetworks_style = host
```

## Good
```main.cf fragment
mynetworks = 127.0.0.0/8, 192.168.10.0/24
```

## When it is right
It does no harm.

## References
- postconf(5) mynetworks, mynetworks_style
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, Finding, Fix
from maillint.engine.rule import rule

from .._chain import set_here
from .._edits import line_removed
from ._networks import NETWORKS, STYLE

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(
    severity=INFO,
    area="relay-security",
    parameters=(STYLE,),
    when_set=True,
    noted=("maillint_rules._words", NETWORKS),
)
def mynetworks_style_shadowed(config: Configuration) -> Iterator[Finding]:
    style, networks = (config.settings.get(name) for name in (STYLE, NETWORKS))
    if style is not None and networks is not None and f"${STYLE}" not in networks.value.text:
        edit = line_removed(style)
        yield Finding(
            style.name_location,
            f"this line has no effect, because `{NETWORKS}` is set",
            mend=f"remove the line, or `{NETWORKS}`",
            parameter=STYLE,
            related=set_here((networks,)),
            fix=Fix("remove the line", (edit,)) if edit is not None else None,
        )
