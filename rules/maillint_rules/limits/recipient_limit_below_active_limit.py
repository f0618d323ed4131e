"""The queue manager may hold fewer recipients than messages.

## What happens
Each message has a recipient, so that `qmgr_message_recipient_limit` must not be less than
`qmgr_message_active_limit`. qmgr(8) warns `qmgr_message_recipient_limit is smaller than
qmgr_message_active_limit` each time it starts, and raises the former.

## Bad
```main.cf recipient-limit-below-active-limit@1 fragment
qmgr_message_active_limit = 40000
```

## Good
```main.cf fragment
qmgr_message_active_limit = 40000
qmgr_message_recipient_limit = 40000
```

## What Postfix says
```witness start
postfix/qmgr: warning: qmgr_message_recipient_limit is smaller than qmgr_message_active_limit - adjusting ...
```

## When it is right
Never; but nothing is lost by it.

## References
- postconf(5) qmgr_message_recipient_limit, qmgr_message_active_limit
- Postfix source: qmgr/qmgr.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, Finding
from maillint.engine.rule import VIEW, rule

from ._limits import ACTIVE, RECIPIENTS, disordered

if TYPE_CHECKING:
    from maillint.postfix.configuration import View


@rule(
    severity=INFO,
    area="limits",
    parameters=(ACTIVE, RECIPIENTS),
    when_set=True,
    noted=("maillint_rules.limits._limits", ACTIVE),
    each=VIEW,
)
def recipient_limit_below_active_limit(view: View) -> Iterator[Finding]:
    found = disordered(view, ACTIVE, RECIPIENTS)
    if found is not None and view.daemon in (None, "qmgr"):
        yield Finding(
            found.location,
            f"`qmgr` raises `{RECIPIENTS}` from {found.most} to {found.least}, the value of `{ACTIVE}`, and"
            " warns each time that it starts",
            mend=f"write `{RECIPIENTS} = {found.least}` or more",
            parameter=found.parameter,
            related=found.related,
        )
