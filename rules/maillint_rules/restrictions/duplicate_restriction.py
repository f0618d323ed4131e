"""A restriction stands twice in one list.

## What happens
The second one does nothing that the first has not done: nobody whom the first has let in or turned away gets
there. It costs a look-up, and hides that something else may have been meant.

## Bad
```main.cf duplicate-restriction@2 fragment
smtpd_recipient_restrictions = permit_mynetworks, reject_unauth_destination,
  permit_mynetworks, reject_unknown_recipient_domain
```

## Good
```main.cf fragment
# maillint: ignore[warn-if-reject-left] being tried out
smtpd_recipient_restrictions = permit_mynetworks, reject_unauth_destination, reject_unknown_recipient_domain,
  warn_if_reject reject_non_fqdn_sender, reject_non_fqdn_recipient
```

## When it is right
Never; but it does no harm.

## References
- SMTPD_ACCESS_README
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, Finding, Fix, Related
from maillint.engine.rule import VIEW, rule

from ._edits import without_restriction
from ._lists import LISTS
from ._sequence import REPEATED, repeated

if TYPE_CHECKING:
    from maillint.postfix.configuration import View


@rule(
    severity=INFO,
    area="restrictions",
    parameters=LISTS,
    when_set=True,
    each=VIEW,
    noted=("maillint_rules.restrictions._sequence", REPEATED),
)
def duplicate_restriction(view: View) -> Iterator[Finding]:
    for second, first, where in repeated(view):
        assert second.word.location is not None
        edit = without_restriction(second, where)
        argument = f" {second.argument.text}" if second.argument is not None else ""
        yield Finding(
            second.word.location,
            f"`{second.word.text}{argument}` stands twice in `{where.name}`, and does nothing here",
            mend="remove it, or write what was meant",
            parameter=where.name,
            related=(Related(first.word.location, "it stands here before"),) if first.word.location else (),
            fix=Fix("remove it", (edit,)) if edit is not None else None,
        )
