"""The table of who owns which sender address is not looked at.

## What happens
`smtpd_sender_login_maps` alone forbids nothing. Without a restriction such as
`reject_authenticated_sender_login_mismatch`, everybody who has logged in may send under any address.

## Bad
```main.cf sender-login-maps-unused@4
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_sender_login_maps = inline:{info@example.com=info}
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_sasl_auth_enable = yes
smtpd_sender_login_maps = inline:{info@example.com=info}
smtpd_sender_restrictions = reject_authenticated_sender_login_mismatch
```

## When it is right
Where another program reads the table for the same purpose.

## References
- postconf(5) smtpd_sender_login_maps; SASL_README, "Envelope sender address authorization"
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import MEDIUM, WARNING, Finding
from maillint.engine.rule import rule
from maillint.postfix.restrictions import OPEN, access_lists

from .._told import told
from ..restrictions._lists import smtpd_views

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_MAPS = "smtpd_sender_login_maps"
_ENDING = "sender_login_mismatch"


@rule(severity=WARNING, area="sasl", parameters=(_MAPS,), when_set=True, complete=True)
def sender_login_maps_unused(config: Configuration) -> Iterator[Finding]:
    value = config.main_view.value(_MAPS)
    if value.setting is None or not value.text or told(value):
        return
    for view in smtpd_views(config):
        lists = access_lists(view)
        for where in (*lists.lists.values(), *lists.classes.values()):
            for restriction in where.restrictions:
                name = restriction.name
                if name.endswith(_ENDING) or name == "check_policy_service" or restriction.kind == OPEN:
                    return
    yield Finding(
        value.setting.value.location(),
        f"no access list looks into `{_MAPS}`: whoever has logged in may send under any address",
        mend="put `reject_authenticated_sender_login_mismatch` into `smtpd_sender_restrictions`",
        confidence=MEDIUM,
        parameter=_MAPS,
    )
