"""Mail for users who do not exist is put off instead of refused.

## What happens
With a code from 400 to 499 smtpd tells the client to come again: each sender of a mistyped address learns
only after days that it does not exist, and senders of spam try it all that time. Old installations of
Postfix wrote 450 into main.cf, to be changed to 550 once `local_recipient_maps` had been seen to work.

## Bad
```main.cf unknown-local-reject-450@1 fragment
unknown_local_recipient_reject_code = 450
```

## Good
```main.cf fragment
unknown_local_recipient_reject_code = 550
```

## When it is right
While the tables of recipients are new or incomplete.

## References
- LOCAL_RECIPIENT_README; postconf(5) unknown_local_recipient_reject_code
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, Finding
from maillint.engine.rule import rule

from .._uses import found
from .._values import known_values
from .._words import DEFERRING, UNKNOWN_USER_CODES

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(
    severity=INFO,
    area="restrictions",
    parameters=UNKNOWN_USER_CODES,
    when_set=True,
    noted=("maillint_rules._words", DEFERRING),
)
def unknown_local_reject_450(config: Configuration) -> Iterator[Finding]:
    for judged in known_values(config, *UNKNOWN_USER_CODES):
        code = judged.text
        if code.isdecimal() and 400 <= int(code) < 500:
            yield found(
                judged,
                f"clients are told to come again with mail for users who do not exist ({code})",
                "write `550`",
                meant="550",
            )
