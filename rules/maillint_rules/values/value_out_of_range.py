"""A number, a time or a text beyond the bounds of its parameter.

## What happens
Most numbers and times have a least value, a few have a greatest one, and some texts have a length. Each
program that reads a value beyond them ends, when it is started, with `fatal: invalid ... parameter value`
or `bad string length`. `postconf` and `postfix check` say nothing.

## Bad
```main.cf value-out-of-range@1 fragment
default_process_limit = 0
```

```main.cf value-out-of-range@1 fragment
bounce_queue_lifetime = 200d
```

```main.cf value-out-of-range@1 fragment
smtp_sasl_password_result_delimiter = ::
```

```main.cf value-out-of-range@1 fragment
unverified_recipient_reject_code = 5
```

## Good
```main.cf fragment
default_process_limit = 100
bounce_queue_lifetime = 5d
smtp_sasl_password_result_delimiter = :
```

## What Postfix says
```witness knock bad=4
postfix/smtpd: fatal: invalid unverified_recipient_reject_code parameter value 5 < 200
```

## When it is right
Never.

## References
- postconf(5)
- Postfix source: check_mail_conf_int() and its sisters in global/mail_conf_int.c, _long.c, _nint.c, _time.c,
  _str.c; the tables of parameters in each program
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule
from maillint.postfix.typed import TOO_HIGH, TOO_LOW

from ._refused import refused, shown
from ._time import spelt
from ._typed import refusals

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_WORDS = {TOO_LOW: ("below", "shorter than"), TOO_HIGH: ("above", "longer than")}


@rule(severity=ERROR, area="values", noted=("maillint_rules.values._typed", TOO_LOW, TOO_HIGH))
def value_out_of_range(config: Configuration) -> Iterator[Finding]:
    for judged, why in refusals(config, TOO_LOW, TOO_HIGH):
        type = judged.parameter.type_in(config.version)
        beyond, too_long = _WORDS[why.kind]
        end = "least" if why.kind == TOO_LOW else "most"
        if type in ("str", "raw"):
            if not judged.text:
                continue  # empty-required-value
            what = f"{shown(judged.text)} is {too_long} {why.limit} characters"
            mend = f"write {why.limit} character{'s' * (why.limit > 1)} at {end}"
        else:
            limit = spelt(why.limit) if type == "time" else str(why.limit)
            what = f"{shown(judged.text)} is {beyond} `{limit}`"
            mend = f"write `{limit}` at {end}"
        found = refused(judged, what, mend)
        if found is not None:
            yield found
