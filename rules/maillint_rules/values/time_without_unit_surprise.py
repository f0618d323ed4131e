"""A time without a unit, in a parameter whose unit is not the second.

## What happens
Each time has a unit of its own that counts when none is written, and it is not always the second:
`delay_warning_time` counts hours, the life of a message in the queue days. `delay_warning_time = 14400` is
no reminder after four hours, but one after 600 days.

## Bad
```main.cf time-without-unit-surprise@1 fragment
delay_warning_time = 14400
```

## Good
```main.cf fragment
delay_warning_time = 4h
maximal_queue_lifetime = 5
```

## When it is right
Where so long a time is meant. The rule speaks only of bare numbers that make more than 90 days, and much
more than the default.

## References
- postconf(5)
- Postfix source: global/mail_conf_time.c (get_def_time_unit)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, MEDIUM, Finding
from maillint.engine.rule import rule
from maillint.postfix.typed import SECONDS, refusal, seconds

from ._refused import related, replacement
from ._time import spelt
from ._typed import BARE_TIME, is_bare, times

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_LONG = 90 * SECONDS["d"]
_TIMES_DEFAULT = 4
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


@rule(severity=INFO, area="values", noted=("maillint_rules.values._typed", BARE_TIME))
def time_without_unit_surprise(config: Configuration) -> Iterator[Finding]:
    for judged in times(config):
        parameter, text = judged.parameter, judged.text
        if not is_bare(judged) or refusal(parameter, text, config.version) is not None:
            continue
        usual = seconds(parameter.default_in(config.version) or "", parameter.unit) or 0
        if (seconds(text, parameter.unit) or 0) > max(_LONG, _TIMES_DEFAULT * usual):
            yield Finding(
                judged.location(),
                f"`{parameter.name}` counts {_UNITS[parameter.unit]} where no unit is written:"
                f" this is `{text}{parameter.unit}`",
                mend=f"write `{spelt(int(text))}` if seconds are meant, else `{text}{parameter.unit}`",
                confidence=MEDIUM,
                parameter=parameter.name,
                related=related(judged),
                fix=replacement(judged, spelt(int(text)), sure=False),
            )
