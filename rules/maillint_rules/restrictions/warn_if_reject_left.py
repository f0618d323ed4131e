"""A restriction that only logs what it would refuse.

## What happens
Behind `warn_if_reject`, a restriction refuses nobody: smtpd logs a line with `reject_warning` and goes on.
That is for trying a restriction out. Left for good, the check costs a look-up for each client and keeps
nothing out.

## Bad
```main.cf warn-if-reject-left@3 fragment
smtpd_recipient_restrictions = permit_mynetworks,
  reject_unauth_destination,
  warn_if_reject reject_unknown_recipient_domain
```

## Good
```main.cf fragment
smtpd_recipient_restrictions = permit_mynetworks,
  reject_unauth_destination,
  reject_unknown_recipient_domain
```

## When it is right
While a restriction is tried out, or where only the log is wanted.

## References
- postconf(5) smtpd_recipient_restrictions (warn_if_reject); SMTPD_ACCESS_README
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, LOW, Finding, Fix
from maillint.engine.rule import VIEW, rule
from maillint.postfix.restrictions import WARN_IF_REJECT

from .._items import without_item
from ._lists import LISTS, judged

if TYPE_CHECKING:
    from maillint.postfix.configuration import View


@rule(
    severity=INFO,
    area="restrictions",
    parameters=LISTS,
    when_set=True,
    each=VIEW,
    noted=("maillint_rules.restrictions._lists", WARN_IF_REJECT),
)
def warn_if_reject_left(view: View) -> Iterator[Finding]:
    for found in judged(view):
        setting = found.list.value.setting
        if found.restriction.name != WARN_IF_REJECT or setting is None:
            continue
        is_written = found.location.text.lower() == WARN_IF_REJECT
        yield Finding(
            found.location,
            "the restriction behind this word refuses nobody, and is only written to the log",
            mend=f"remove `{WARN_IF_REJECT}`, if the log shows that it hits the right ones",
            confidence=LOW,
            parameter=found.list.name,
            fix=Fix(f"remove `{WARN_IF_REJECT}`", (without_item(setting, found.location),), safe=False)
            if is_written
            else None,
        )
