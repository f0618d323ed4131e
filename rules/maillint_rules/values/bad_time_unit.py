"""A time is a whole number and one letter: `s`, `m`, `h`, `d` or `w`.

## What happens
The unit stands right behind the digits, in lower case. `5 minutes`, `3 d`, `2H` and `1.5h` are not taken,
nor is an empty value: each program that reads it ends, when it is started, with `fatal: parameter ...: bad
time value or unit`. `postconf` and `postfix check` say nothing.

## Bad
```main.cf bad-time-unit@1 fragment
maximal_queue_lifetime = 5 days
```

```main.cf bad-time-unit@1 fragment
smtp_connect_timeout = 1.5m
```

```main.cf bad-time-unit@1 fragment
smtpd_timeout = 30M
```

```main.cf bad-time-unit@2 fragment
# Five days in seconds: without a unit, these are days.
maximal_queue_lifetime = 432000
```

## Good
```main.cf fragment
maximal_queue_lifetime = 5d
smtp_connect_timeout = 90s
# Only the first letter counts.
smtpd_timeout = 5min
```

## What Postfix says
```witness knock bad=3
postfix/smtpd: fatal: parameter smtpd_timeout: bad time value or unit: 30M
```

## When it is right
Never.

## References
- postconf(5)
- Postfix source: global/conv_time.c, global/mail_conf_time.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule
from maillint.postfix.typed import NOT_TIME, refusal

from ._refused import or_default, refused, shown
from ._time import in_postfix_form
from ._typed import refusals

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="values", noted=("maillint_rules.values._typed", NOT_TIME))
def bad_time_unit(config: Configuration) -> Iterator[Finding]:
    for judged, _ in refusals(config, NOT_TIME):
        bare = judged.text.isascii() and judged.text.isdigit()
        meant = f"{judged.text}s" if bare else in_postfix_form(judged.text, judged.parameter.unit)
        if meant is not None and refusal(judged.parameter, meant, config.version) is not None:
            meant = None
        if judged.text:
            mend = f"write `{meant}`" if meant else "write a whole number and s, m, h, d or w, such as `90s`"
        else:
            mend = or_default(judged)
        found = refused(judged, f"{shown(judged.text)} is no time that Postfix can read", mend, meant=meant)
        if found is not None:
            yield found
