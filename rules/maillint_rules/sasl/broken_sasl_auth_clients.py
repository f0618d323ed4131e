"""The server announces logins in a form that only programs of the last century need.

## What happens
With `broken_sasl_auth_clients = yes` smtpd says `AUTH=PLAIN` beside `AUTH PLAIN`, for Outlook Express 4 and
Exchange 5.0. It does no harm, and nobody needs it any more;
a quarter of all servers have it, so the rule is off until it is asked for.

## Bad
```main.cf broken-sasl-auth-clients@1 fragment
broken_sasl_auth_clients = yes
```

## Good
```main.cf fragment
broken_sasl_auth_clients = no
```

## When it is right
For an old device that cannot log in without it.

## References
- postconf(5) broken_sasl_auth_clients
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, Edit, Finding, Fix
from maillint.engine.rule import VIEW, rule

from .._told import told

if TYPE_CHECKING:
    from maillint.postfix.configuration import View

_NAME = "broken_sasl_auth_clients"


@rule(severity=INFO, area="sasl", parameters=(_NAME,), when_set=True, each=VIEW, default=False)
def broken_sasl_auth_clients(view: View) -> Iterator[Finding]:
    value = view.value(_NAME)
    if value.setting is None or not view.boolean(_NAME) or told(value) or value.chain[1:]:
        return
    location = value.setting.value.location()
    yield Finding(
        location,
        "logins are announced a second time for mail programs of the years before 2000",
        mend=f"remove `{_NAME}`",
        parameter=_NAME,
        fix=Fix("write `no`", (Edit(location, "no"),)),
    )
