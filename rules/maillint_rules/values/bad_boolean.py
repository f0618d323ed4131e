"""A parameter that is either on or off takes `yes` and `no` only.

## What happens
`true`, `on` and `1` are not taken, nor is an empty value. A program reads all its parameters when it is
started, and ends there with `fatal: bad boolean configuration`; master(8) starts it again and again, and
whoever wanted its service waits or is cut off. `postconf` and `postfix check` say nothing.

## Bad
```main.cf bad-boolean@2 fragment
# Robots are not stopped: all SMTP clients are cut off.
smtpd_helo_required = true
```

```main.cf bad-boolean@1 fragment
biff =
```

```master.cf bad-boolean@2 fragment
submission inet n - y - - smtpd
  -o smtpd_sasl_auth_enable=on
```

## Good
```main.cf fragment
smtpd_helo_required = yes
biff = No
```

## What Postfix says
```witness knock
postfix/smtpd: fatal: bad boolean configuration: smtpd_helo_required = true
```

## When it is right
Never.

## References
- postconf(5)
- Postfix source: global/mail_conf_bool.c, global/mail_conf_nbool.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule
from maillint.nearest import nearest
from maillint.postfix.typed import NOT_BOOLEAN

from ._refused import or_default, refused, shown
from ._typed import refusals

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_MEANT = dict.fromkeys(
    ("true", "on", "1", "enable", "enabled", "y", "t", "ye", "yes"), "yes"
) | dict.fromkeys(("false", "off", "0", "disable", "disabled", "n", "f", "none", "no"), "no")
_DECORATION = "=:;,.'\"` \t"


@rule(severity=ERROR, area="values", noted=("maillint_rules.values._typed", NOT_BOOLEAN))
def bad_boolean(config: Configuration) -> Iterator[Finding]:
    for judged, _ in refusals(config, NOT_BOOLEAN):
        word = judged.text.strip(_DECORATION).lower()
        meant = _MEANT.get(word) or nearest(word, ("yes", "no"))
        mend = f"write `{meant}`" if meant else "write `yes` or `no`"
        found = refused(
            judged,
            f"{shown(judged.text)} is neither `yes` nor `no`",
            mend if judged.text else or_default(judged),
            meant=meant,
            sure=word in _MEANT,
        )
        if found is not None:
            yield found
