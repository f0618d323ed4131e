"""Users who have logged in may use no sender address at all.

## What happens
`reject_sender_login_mismatch` and `reject_authenticated_sender_login_mismatch` look up in
`smtpd_sender_login_maps` who owns the sender's address. Without a table nobody owns any, and everybody who
has logged in hears `553 5.7.1 Sender address rejected: not owned by user`. Those who have not logged in are
not looked at.

## Bad
```main.cf sender-login-maps-missing@2 fragment
smtpd_sasl_auth_enable = yes
smtpd_sender_restrictions = reject_sender_login_mismatch
smtpd_sender_login_maps =
```

## Good
```main.cf fragment
smtpd_sasl_auth_enable = yes
smtpd_sender_restrictions = reject_sender_login_mismatch
smtpd_sender_login_maps = inline:{a@client.example.net=info}
```

```main.cf fragment
# With an empty table this one asks for nothing.
smtpd_sasl_auth_enable = yes
smtpd_sender_restrictions = reject_known_sender_login_mismatch
smtpd_sender_login_maps =
```

```main.cf fragment
# Nobody who has logged in gets there.
smtpd_sasl_auth_enable = yes
smtpd_sender_restrictions = permit_sasl_authenticated, reject_sender_login_mismatch
smtpd_sender_login_maps =
```

## What Postfix says
```witness rcpt-as 203.0.113.9 user@lab.example.com info
553 5.7.1 <a@client.example.net>: Sender address rejected: not owned by user info
```

## When it is right
Never.

## References
- postconf(5) smtpd_sender_login_maps, reject_sender_login_mismatch
- Postfix source: smtpd/smtpd_check.c (reject_auth_sender_login_mismatch)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import VIEW, rule

from .._chain import set_here
from .._uses import may_stand_elsewhere
from ..restrictions._lists import LISTS, judged

if TYPE_CHECKING:
    from maillint.postfix.configuration import View

    from ..restrictions._lists import Judged

_MAPS = "smtpd_sender_login_maps"
_SASL = "smtpd_sasl_auth_enable"
_WORDS = ("reject_sender_login_mismatch", "reject_authenticated_sender_login_mismatch")


@rule(
    severity=ERROR,
    area="sasl",
    parameters=LISTS,
    when_set=True,
    each=VIEW,
    noted=("maillint_rules.restrictions._lists", *_WORDS),
)
def sender_login_maps_missing(view: View) -> Iterator[Finding]:
    if not view.boolean(_SASL) or view.value(_MAPS).text != "":
        return
    if may_stand_elsewhere(view, _MAPS):
        return
    for found in judged(view):
        name = found.restriction.name
        if name in _WORDS and not found.restriction.warns and not _comes_late(found):
            yield Finding(
                found.location,
                f"`{name}` refuses the mail of everybody who has logged in: `{_MAPS}` is empty, so nobody"
                " owns a sender address",
                mend=f"set `{_MAPS}` to a table that says which login owns which address, or remove `{name}`",
                parameter=found.list.name,
                related=set_here((view.setting(_MAPS), view.setting(_SASL))),
            )


def _comes_late(found: Judged) -> bool:
    """Whether those who have logged in are let in before they get there."""
    words = [restriction.name for restriction in found.list.restrictions]
    return "permit_sasl_authenticated" in words[: found.list.restrictions.index(found.restriction)]
