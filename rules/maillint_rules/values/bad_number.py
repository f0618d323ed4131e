"""A number is written in digits alone.

## What happens
Postfix knows no `25M`, no `10,240,000` and no `unlimited`: what is not a whole number in digits ends each
program that reads it, when it is started, with `fatal: bad numerical configuration`. So does an empty value
and a number of more than 32 bits where the program has no room for one. `postconf` and `postfix check`
say nothing.

## Bad
```main.cf bad-number@2 fragment
# Every Postfix program reads this one, so that Postfix does not start.
message_size_limit = 25M
```

```main.cf bad-number@1 fragment
default_process_limit = 1,000
```

```main.cf bad-number@1 fragment
smtpd_client_connection_count_limit = none
```

```master.cf bad-number@2 fragment
smtp inet n - y - - smtpd
  -o smtpd_recipient_limit=
```

## Good
```main.cf fragment
message_size_limit = 26214400
mailbox_size_limit = 0
default_process_limit = 1000
```

## What Postfix says
```witness postmap static:x
postmap: fatal: bad numerical configuration: message_size_limit = 25M
```

## When it is right
Never.

## References
- postconf(5)
- Postfix source: global/mail_conf_int.c, global/mail_conf_long.c, global/mail_conf_nint.c
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule
from maillint.postfix.typed import NOT_NUMBER, refusal

from ._refused import or_default, refused, shown
from ._typed import refusals

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

    from .._values import Judged

_SIZE = r"([0-9]+(?:\.[0-9]+)?)\s*([kmgt])?i?b?(?:yte)?s?"
_POWERS = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4}
_PRODUCT = r"[0-9]+(?:\s*\*\s*[0-9]+)+"
_GROUPED = r"[0-9]{1,3}(?:([,._' ])[0-9]{3})(?:\1[0-9]{3})*"
_NO_LIMIT = frozenset({"unlimited", "infinite", "infinity", "none", "no", "never", "off", "disabled"})
_ZERO_IS_NO_LIMIT = frozenset({"mailbox_size_limit", "message_size_limit", "virtual_mailbox_limit"})
_LONGEST = 60


@rule(severity=ERROR, area="values", noted=("maillint_rules.values._typed", NOT_NUMBER))
def bad_number(config: Configuration) -> Iterator[Finding]:
    for judged, _ in refusals(config, NOT_NUMBER):
        meant = _meant(judged)
        if meant is not None and refusal(judged.parameter, meant, config.version) is not None:
            meant = None
        if judged.text:
            mend = f"write `{meant}`" if meant else "write a whole number in digits"
        else:
            mend = or_default(judged)
        is_size = judged.parameter.type_in(config.version) == "long"
        found = refused(
            judged,
            f"{shown(judged.text)} is no number that Postfix can read",
            mend,
            meant=meant,
            sure=is_size or (meant is not None and not judged.text[-1:].isalpha()),
        )
        if found is not None:
            yield found


def _meant(judged: Judged) -> str | None:
    """The number that was plainly meant, in digits."""
    text = judged.text.strip("=;: \t\"'")
    if len(text) > _LONGEST:
        return None
    if text.lower() in _NO_LIMIT:
        return "0" if judged.parameter.name in _ZERO_IS_NO_LIMIT else None
    if re.fullmatch(_GROUPED, text):
        return "".join(filter(str.isdigit, text))
    if re.fullmatch(_PRODUCT, text):
        product = 1
        for factor in text.split("*"):
            product *= int(factor)
        return str(product)
    size = re.fullmatch(_SIZE, text, re.IGNORECASE)
    if size is None:
        return None
    number = float(size[1]) * 1024 ** _POWERS[(size[2] or "").lower()]
    return str(int(number)) if number.is_integer() else None
