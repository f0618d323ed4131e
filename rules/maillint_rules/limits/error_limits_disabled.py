"""Clients may guess addresses as long and as fast as they like.

## What happens
After `smtpd_soft_error_limit` errors smtpd(8) answers a client more slowly, by `smtpd_error_sleep_time`, and
after `smtpd_hard_error_limit` it hangs up. That is what stops those who try thousands of addresses or
commands in one session.

## Bad
```main.cf error-limits-disabled@1 fragment
smtpd_error_sleep_time = 0
```

```main.cf error-limits-disabled@1 fragment
smtpd_hard_error_limit = 1000
```

## Good
```main.cf fragment
smtpd_error_sleep_time = 1s
smtpd_hard_error_limit = 20
```

```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = example.com
```
```master.cf
smtp inet n - n - - smtpd
# The content filter hands the mail back here.
127.0.0.1:10025 inet n - n - - smtpd -o content_filter= -o smtpd_error_sleep_time=0
```

## When it is right
On a host that only own programs and servers can reach.

## References
- postconf(5) smtpd_error_sleep_time, smtpd_soft_error_limit, smtpd_hard_error_limit; STRESS_README
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, Finding
from maillint.engine.rule import rule
from maillint.postfix.listening import LOOPBACK, NOBODY, is_for_submission, is_mail_exchange, reach

from .._uses import found, users
from ._limits import ERROR_SLEEP, HARD_ERRORS, insane

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, View

_EFFECT = {
    ERROR_SLEEP: ("clients that make errors are not slowed down", "1s"),
    HARD_ERRORS: ("smtpd hangs up on a client only after {} errors", "20"),
}


@rule(
    severity=INFO,
    area="limits",
    parameters=(ERROR_SLEEP, HARD_ERRORS),
    when_set=True,
    noted=("maillint_rules.limits._limits", ERROR_SLEEP, HARD_ERRORS),
)
def error_limits_disabled(config: Configuration) -> Iterator[Finding]:
    for judged, value in insane(config, ERROR_SLEEP, HARD_ERRORS):
        views = [view for view in users(judged, "smtpd") if _is_for_strangers(view)]
        if views:
            effect, usual = _EFFECT[judged.parameter.name]
            yield found(
                judged,
                f"{effect.format(value)}: whoever tries thousands of addresses gets on fast",
                f"write `{usual}`, the default",
                users=views,
                meant=usual,
            )


def _is_for_strangers(view: View) -> bool:
    """Behind a content filter such limits only do harm (FILTER_README)."""
    return (is_mail_exchange(view) or is_for_submission(view)) and reach(view) not in (LOOPBACK, NOBODY)
