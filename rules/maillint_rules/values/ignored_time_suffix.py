"""Of a time, only the digits and the letter behind them count.

## What happens
Postfix reads `1h30m` as one hour, `2months` as two minutes and `100ms` as a hundred minutes: it looks at
the first character behind the digits and at nothing else. A value without digits, such as `day`, is zero.
Nothing is logged.

## Bad
```main.cf ignored-time-suffix@1 fragment
maximal_backoff_time = 1h30m
```

```main.cf ignored-time-suffix@1 fragment
smtpd_error_sleep_time = 500ms
```

```main.cf ignored-time-suffix@1 fragment
maximal_queue_lifetime = week
```

## Good
```main.cf fragment
maximal_backoff_time = 90m
smtpd_error_sleep_time = 1sec
maximal_queue_lifetime = 5days
```

## When it is right
Where the rest is only the end of the unit's name, as in `5days`; the rule says nothing then.

## References
- Postfix source: global/conv_time.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding
from maillint.engine.rule import rule
from maillint.postfix.typed import refusal, seconds

from ._refused import related, replacement, shown
from ._time import in_postfix_form, meant_seconds, spelt
from ._typed import MORE_THAN_TIME, is_read_whole, times

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

    from .._values import Judged


@rule(severity=WARNING, area="values", noted=("maillint_rules.values._typed", MORE_THAN_TIME))
def ignored_time_suffix(config: Configuration) -> Iterator[Finding]:
    for judged in times(config):
        if is_read_whole(judged.text):
            continue
        read = seconds(judged.text, judged.parameter.unit)
        if read is not None and read != meant_seconds(judged.text, judged.parameter.unit):
            yield _finding(config, judged, read)


def _finding(config: Configuration, judged: Judged, read: int) -> Finding:
    meant = in_postfix_form(judged.text, judged.parameter.unit)
    if meant is not None and refusal(judged.parameter, meant, config.version) is not None:
        meant = None
    return Finding(
        judged.location(),
        f"Postfix reads {shown(judged.text)} as `{spelt(read)}`: it looks at the digits and one letter only",
        mend=f"write `{meant}`" if meant else "write a whole number and one letter, such as `90s`",
        parameter=judged.parameter.name,
        related=related(judged),
        fix=replacement(judged, meant, sure=False),
    )
