"""Strangers who try to relay are told to come back.

## What happens
`defer_unauth_destination` answers `454 4.7.1 Relay access denied` where `reject_unauth_destination` says
`554`. It is there so that no mail is lost while a new configuration still has mistakes. Left in, those who
try to relay come back for days, and senders who have mistyped a domain hear of it only then.

## Bad
```main.cf defer-unauth-destination-left@5
myhostname = mail.example.com
myorigin = $mydomain
mydestination = $myhostname, example.com, localhost
compatibility_level = 3.6
smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, defer_unauth_destination
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
mydestination = $myhostname, example.com, localhost
compatibility_level = 3.6
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
```

## When it is right
While a configuration is new; it is the default, and what the installer of Debian writes.

## References
- COMPATIBILITY_README; postconf(5) smtpd_relay_restrictions
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, Finding, Fix
from maillint.engine.rule import VIEW, rule
from maillint.postfix.listening import LOOPBACK, NOBODY, reach
from maillint.postfix.restrictions import RECIPIENT, RELAY
from maillint.postfix.role import MX, has_role

from ..restrictions._lists import judged

if TYPE_CHECKING:
    from maillint.postfix.configuration import View

_WORD, _FINAL = "defer_unauth_destination", "reject_unauth_destination"


@rule(
    severity=INFO,
    area="relay-security",
    parameters=(RELAY, RECIPIENT),
    when_set=True,
    noted=("maillint_rules.restrictions._lists", _WORD),
    each=VIEW,
)
def defer_unauth_destination_left(view: View) -> Iterator[Finding]:
    if reach(view) in (LOOPBACK, NOBODY) or not has_role(view.configuration, MX):
        return
    for found in judged(view):
        if found.restriction.name == _WORD and found.list.name in (RELAY, RECIPIENT):
            is_written = found.location.text == found.restriction.word.text
            yield Finding(
                found.location,
                "who tries to relay through this host is told to come back later, for days",
                mend=f"write `{_FINAL}` once mail arrives as it should",
                parameter=found.list.name,
                fix=Fix.write(found.location, _FINAL) if is_written else None,
            )
