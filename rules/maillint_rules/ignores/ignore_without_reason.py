"""An ignore comment that does not say why, where the settings demand it.

## What happens
With `require-reason = true` in the settings, each comment that silences a rule has to tell the next reader
why the rule is wrong here. Without a reason nobody can tell, a year later, whether it still holds.

## Bad
```main.cf ignore-without-reason@1 fragment require-reason
# maillint: ignore[quoted-value]
syslog_name = "postfix"
```

## Good
```main.cf fragment require-reason
# maillint: ignore[quoted-value] shown to people as it stands
syslog_name = "postfix"
```

## When it is right
Never, where it is demanded; without the setting the rule says nothing.

## References
- `maillint ignores` lists the comments and their reasons
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding
from maillint.engine.rule import IGNORES, rule

if TYPE_CHECKING:
    from maillint.engine.suppression import Ignores


@rule(severity=WARNING, area="ignores", each=IGNORES)
def ignore_without_reason(ignores: Ignores) -> Iterator[Finding]:
    if not ignores.require_reason:
        return
    for ignore in ignores.ignores:
        if not ignore.reason:
            yield Finding(
                ignore.location,
                f"the comment silences `{ignore.name}` and does not say why, which the settings demand"
                " (`require-reason`)",
                mend=f"write the reason: `# maillint: {ignore.word}[{ignore.name}] because ...`",
            )
