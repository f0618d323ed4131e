"""A lock for a mail program of the nineties.

## What happens
With `sun_mailtool_compatibility = yes`, local(8) warns each time that it is started: the parameter is
deprecated. What it does, `mailbox_delivery_lock = dotlock` does without a warning.

## Bad
```main.cf sun-mailtool-compatibility@1 fragment
sun_mailtool_compatibility = yes
```

## Good
```main.cf fragment
mailbox_delivery_lock = dotlock
```

## What Postfix says
```witness deliver
postfix/local: warning: sun_mailtool_compatibility: deprecated parameter, use "mailbox_delivery_lock = dotlock" instead
```

## When it is right
Never.

## References
- postconf(5) sun_mailtool_compatibility, mailbox_delivery_lock
- Postfix source: local/local.c
"""  # noqa: E501

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding
from maillint.engine.rule import rule
from maillint.postfix.typed import boolean

from .._programs import readers
from .._values import known_values
from ._refused import related

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_NAME = "sun_mailtool_compatibility"


@rule(severity=WARNING, area="values", parameters=(_NAME,), when_set=True)
def sun_mailtool_compatibility(config: Configuration) -> Iterator[Finding]:
    for judged in known_values(config, _NAME):
        who = readers(judged)
        if who is not None and boolean(judged.text):
            yield Finding(
                judged.location(),
                f"`{_NAME}` is deprecated: `local` warns each time that it is started",
                mend="write `mailbox_delivery_lock = dotlock` instead",
                parameter=_NAME,
                related=related(judged),
                services=who.services,
            )
