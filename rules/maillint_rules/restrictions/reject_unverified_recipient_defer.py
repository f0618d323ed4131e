"""Recipients who do not exist are put off instead of refused.

## What happens
`reject_unverified_recipient` asks the next host whether it knows the recipient. When it does not, smtpd
answers with `unverified_recipient_reject_code`, which is 450 unless it is set: try again later. Each sender
of a mistyped address learns only after days that it does not exist, and senders of spam come back all the
time.

## Bad
```main.cf reject-unverified-recipient-defer@2 fragment
smtpd_recipient_restrictions = permit_mynetworks, reject_unauth_destination,
    reject_unverified_recipient
```

## Good
```main.cf fragment
smtpd_recipient_restrictions = permit_mynetworks, reject_unauth_destination,
    reject_unverified_recipient
unverified_recipient_reject_code = 550
```

## When it is right
At first, until the log shows that the next host says the truth of its recipients.

## References
- ADDRESS_VERIFICATION_README, "Recipient address verification"; postconf(5) unverified_recipient_reject_code
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, Finding, Fix
from maillint.engine.rule import VIEW, rule

from .._edits import settings_written
from .._uses import may_stand_elsewhere
from ._lists import LISTS, judged

if TYPE_CHECKING:
    from maillint.postfix.configuration import View

_WORD = "reject_unverified_recipient"
_CODE = "unverified_recipient_reject_code"


@rule(
    severity=INFO,
    area="restrictions",
    parameters=LISTS,
    when_set=True,
    each=VIEW,
    noted=("maillint_rules.restrictions._lists", _WORD),
)
def reject_unverified_recipient_defer(view: View) -> Iterator[Finding]:
    code = view.value(_CODE).text
    config = view.configuration
    if code is None or not code.startswith("4") or (may_stand_elsewhere(view, _CODE) and config.main is None):
        return
    for found in judged(view):
        if found.restriction.name != _WORD or found.restriction.warns:
            continue
        beside = found.list.value.setting
        edits = settings_written(view, {_CODE: "550"}, beside) if beside is not None else None
        yield Finding(
            found.location,
            f"recipients whom the next host does not know are put off with {code}, not refused",
            mend=f"write `{_CODE} = 550`",
            parameter=_CODE,
            fix=Fix(f"set `{_CODE}`", edits) if edits else None,
        )
        return
