"""The compatibility level is that of a Postfix to come.

## What happens
The level says which version a configuration was last looked through for, so that an upgrade keeps the old
defaults and logs where they matter. With a level above the own version, the upgrade takes the new ones in
silence.

## Bad
```main.cf compatibility-level-too-high@1 fragment postfix=3.7
compatibility_level = 3.9
```

## Good
```main.cf fragment postfix=3.7
compatibility_level = 3.7
```

## When it is right
Where the newest defaults are wanted whatever they will be; COMPATIBILITY_README has `9999` for that, at your
own risk, and the rule says nothing of it.

## References
- COMPATIBILITY_README; postconf(5) compatibility_level
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, Finding
from maillint.engine.rule import rule
from maillint.postfix.typed import is_level

from .._uses import found
from .._values import known_values
from ._levels import DOTTED, LEVEL, TOLD, newest_level, numbers

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_ALWAYS_NEWEST = (9999,)


@rule(
    severity=INFO,
    area="deprecated",
    parameters=(LEVEL,),
    when_set=True,
    noted=("maillint_rules.deprecated._levels", TOLD),
)
def compatibility_level_too_high(config: Configuration) -> Iterator[Finding]:
    if not config.version_given or not config.version.has(DOTTED):
        return
    for judged in known_values(config, LEVEL):
        if not is_level(judged.text):
            continue
        level, newest = numbers(judged.text), newest_level(config)
        if level > numbers(newest) and level != _ALWAYS_NEWEST:
            yield found(
                judged,
                f"an upgrade will take the new defaults in silence: this is Postfix {config.version}",
                f"write `{newest}`",
                meant=newest,
            )
