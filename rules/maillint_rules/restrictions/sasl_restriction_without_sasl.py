"""A restriction about the login, where nobody can log in.

## What happens
With `smtpd_sasl_auth_enable = no`, the default, smtpd skips `check_sasl_access` and the restrictions that
compare sender and login, and logs `restriction ... ignored: no SASL support` for each message. On the port
where other servers deliver, that means: a stranger may use the addresses in `smtpd_sender_login_maps`.

## Bad
```main.cf sasl-restriction-without-sasl@1 fragment
smtpd_sender_restrictions = reject_sender_login_mismatch
smtpd_sender_login_maps = inline:{info@example.com=info}
smtpd_sasl_auth_enable = no
```

### On one of two ports
```main.cf sasl-restriction-without-sasl@1 fragment
smtpd_sender_restrictions = reject_unauthenticated_sender_login_mismatch
smtpd_sender_login_maps = inline:{info@example.com=info}
smtpd_sasl_auth_enable = no
```
```master.cf
smtp inet n - n - - smtpd
submission inet n - n - - smtpd
  -o smtpd_sasl_auth_enable=yes
```

## Good
```main.cf fragment
smtpd_sasl_auth_enable = yes
smtpd_sender_restrictions = reject_sender_login_mismatch
smtpd_sender_login_maps = inline:{info@example.com=info}
```

## What Postfix says
```witness rcpt
postfix/smtpd: warning: restriction `reject_authenticated_sender_login_mismatch' ignored: no SASL support
```

## When it is right
Where the list stands in main.cf for the port on which people log in, and the other ports are to let everybody
use every sender. Then set the list with `-o` for that port alone.

## References
- SASL_README, "Envelope sender address authorization"
- Postfix source: smtpd/smtpd_check.c (generic_checks)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding
from maillint.engine.rule import VIEW, rule

from .._chain import set_here
from ._lists import LISTS, judged

if TYPE_CHECKING:
    from maillint.postfix.configuration import View

_SASL = "smtpd_sasl_auth_enable"
_NEED_SASL = (
    "check_sasl_access",
    "reject_sender_login_mismatch",
    "reject_authenticated_sender_login_mismatch",
    "reject_known_sender_login_mismatch",
    "reject_unauthenticated_sender_login_mismatch",
)


@rule(
    severity=WARNING,
    area="restrictions",
    parameters=LISTS,
    when_set=True,
    each=VIEW,
    noted=("maillint_rules.restrictions._lists", *_NEED_SASL),
)
def sasl_restriction_without_sasl(view: View) -> Iterator[Finding]:
    if view.boolean(_SASL) is not False or (view.configuration.fragment and not view.is_set(_SASL)):
        return
    for found in judged(view):
        name = found.restriction.name
        if name in _NEED_SASL and not found.problem:
            yield Finding(
                found.location,
                f"smtpd skips `{name}` and warns of it with each message, because `{_SASL}` is off there",
                mend=f"set `{_SASL} = yes`, or set the list only for the services where people log in",
                parameter=found.list.name,
                related=set_here((view.setting(_SASL),)),
            )
