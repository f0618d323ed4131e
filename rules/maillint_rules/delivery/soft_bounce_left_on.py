"""No mail is ever returned: the safety net for tests is still there.

## What happens
With `soft_bounce = yes` Postfix makes every final refusal a temporary one. Its servers answer `450 User
unknown`, so that other servers, and spammers, come back for days; mail that cannot be delivered stays in the
queue until it expires, and its senders hear of it after days, too.

## Bad
```main.cf soft-bounce-left-on@3 fragment
myhostname = mail.example.com
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
soft_bounce = yes
```

## Good
```main.cf fragment
myhostname = mail.example.com
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
soft_bounce = no
```

## What Postfix says
```witness rcpt-as 192.0.2.9 nobody@elsewhere.example
454 4.7.1 <nobody@elsewhere.example>: Relay access denied
```

## When it is right
While a new configuration is tried out.

## References
- postconf(5) soft_bounce
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, WARNING, Finding
from maillint.engine.rule import rule
from maillint.postfix.typed import boolean

from .._uses import found
from .._values import known_values
from .._words import SOFT_BOUNCE

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(
    severity=WARNING,
    area="delivery",
    parameters=("soft_bounce",),
    when_set=True,
    noted=("maillint_rules._words", SOFT_BOUNCE),
)
def soft_bounce_left_on(config: Configuration) -> Iterator[Finding]:
    for judged in known_values(config, "soft_bounce"):
        if boolean(judged.text):
            yield found(
                judged,
                "nothing is ever refused or returned for good: other servers come back for days, and senders"
                " do not hear of mail that cannot be delivered",
                "write `soft_bounce = no` when the tests are over",
                users=[judged.view],
                meant="no",
                severity=INFO if judged.setting.service is not None else None,
            )
