"""The table of who owns which sender address is not looked at.

## What happens
`smtpd_sender_login_maps` alone forbids nothing. Without a restriction such as
`reject_authenticated_sender_login_mismatch`, everybody who has logged in may send under any address.

## Bad
```main.cf sender-login-maps-unused@5
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_sasl_auth_enable = yes
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

from maillint.engine.finding import MEDIUM, WARNING, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix.restrictions import OPEN, access_lists

from .._edits import settings_written
from .._items import in_front
from .._told import told
from ..restrictions._edits import place_in
from ..restrictions._lists import smtpd_views

if TYPE_CHECKING:
    from maillint.engine.finding import Edit
    from maillint.postfix.configuration import Configuration, View
    from maillint.syntax.tree import Setting

_MAPS = "smtpd_sender_login_maps"
_SENDERS = "smtpd_sender_restrictions"
_RESTRICTION = "reject_authenticated_sender_login_mismatch"
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
        mend=f"put `{_RESTRICTION}` into `{_SENDERS}`",
        confidence=MEDIUM,
        parameter=_MAPS,
        fix=_fix(config.main_view, value.setting),
    )


def _fix(view: View, beside: Setting) -> Fix | None:
    """Put the restriction in front of all in smtpd_sender_restrictions, where users can log in."""
    where = access_lists(view).lists[_SENDERS]
    if not view.boolean("smtpd_sasl_auth_enable"):
        return None
    edits: tuple[Edit, ...] | None = None
    if where.value.setting is None:
        edits = settings_written(view, {_SENDERS: _RESTRICTION}, beside)
    elif where.restrictions and (first := place_in(where.restrictions[0], where)) is not None:
        edits = (in_front(where.value.setting, _RESTRICTION, first),)
    return Fix(f"add `{_RESTRICTION}`", edits, safe=False) if edits else None
