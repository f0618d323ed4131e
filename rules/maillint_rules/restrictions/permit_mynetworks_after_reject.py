"""A check turns own clients away before the word that lets them in.

## What happens
smtpd goes through a list from left to right. A printer or an old server of the own network has no name in the
DNS, a laptop says `EHLO laptop`, and the address of a user at home stands in DNS lists, as all dynamic ones
do. Before `permit_mynetworks` or `permit_sasl_authenticated`, such a check rejects their mail, too.

## Bad
```main.cf permit-mynetworks-after-reject@1 fragment
smtpd_client_restrictions = reject_unknown_client_hostname, permit_mynetworks
```

### Users who have logged in
```main.cf permit-mynetworks-after-reject@2 fragment
smtpd_sasl_auth_enable = yes
smtpd_client_restrictions = permit_mynetworks, reject_rbl_client psbl.surriel.com, permit_sasl_authenticated
```

## Good
```main.cf fragment
smtpd_sasl_auth_enable = yes
smtpd_client_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_rbl_client psbl.surriel.com
smtpd_recipient_restrictions = reject_non_fqdn_recipient, reject_unknown_recipient_domain, permit_mynetworks
```

## When it is right
Where own clients are to pass the same checks as strangers.

## References
- SMTPD_ACCESS_README
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding, Fix, Related
from maillint.engine.rule import VIEW, rule

from .._items import moved_in_front
from ._edits import place_in
from ._lists import LISTS
from ._sequence import LATE_PERMIT, late_permits

if TYPE_CHECKING:
    from maillint.postfix.configuration import View

    from ._sequence import Late

_WHOM = {
    "permit_mynetworks": "hosts of the own network",
    "permit_sasl_authenticated": "users who have logged in",
}


@rule(
    severity=WARNING,
    area="restrictions",
    parameters=LISTS,
    when_set=True,
    each=VIEW,
    noted=("maillint_rules.restrictions._sequence", LATE_PERMIT),
)
def permit_mynetworks_after_reject(view: View) -> Iterator[Finding]:
    for found in late_permits(view):
        check, permit = found.check.word, found.permit.word
        assert check.location is not None
        yield Finding(
            check.location,
            f"`{check.text}` turns {_WHOM[found.permit.name]} away, too: it stands before `{permit.text}`",
            mend=f"move `{permit.text}` in front of `{check.text}`",
            parameter=found.list.name,
            related=(Related(permit.location, "they are let in here"),) if permit.location else (),
            fix=_fix(found),
        )


def _fix(found: Late) -> Fix | None:
    setting = found.list.value.setting
    check, permit = (place_in(word, found.list) for word in (found.check, found.permit))
    if setting is None or check is None or permit is None:
        return None
    return Fix(f"move `{permit.text}`", moved_in_front(setting, permit, check), safe=False)
