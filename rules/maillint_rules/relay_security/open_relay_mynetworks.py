"""Every host of the Internet counts as one of the own network.

## What happens
`permit_mynetworks` lets the clients in `mynetworks` send mail to anywhere. With `0.0.0.0/0` among them (or
`[::]/0`, or a `static:` table, which holds everybody), the host relays for everybody. Spammers find such a
host within hours, and soon all its mail is refused.

## Bad
```main.cf open-relay-mynetworks@1 fragment
mynetworks = 127.0.0.0/8, 0.0.0.0/0
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
```

```main.cf open-relay-mynetworks@1 fragment
mynetworks = static:all
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
```

### On one port
```main.cf fragment
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
```
```master.cf open-relay-mynetworks@3
smtp inet n - n - - smtpd
2525 inet n - n - - smtpd
  -o mynetworks=0.0.0.0/0
```

## Good
```main.cf fragment
mynetworks = 127.0.0.0/8, [::1]/128, 10.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
```

```main.cf fragment
# The list does not say who may relay.
mynetworks = 0.0.0.0/0
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_recipient_restrictions =
```

## What Postfix says
```witness rcpt-as 203.0.113.9 somebody@elsewhere.example
250 2.1.5 Ok
```

## When it is right
Where something in front of the host, such as the network of containers, keeps all others out. There, too, the
addresses of that network are the better list: the day the port is published, the host is open.

## References
- postconf(5) mynetworks; BASIC_CONFIGURATION_README, "What clients to relay mail from"
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Edit, Finding, Fix
from maillint.engine.rule import rule

from .._items import without_item
from ._networks import EVERYBODY, NETWORKS, entries, holds_everybody, trusting

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

    from ..lists._patterns import Placed

_USUAL = "127.0.0.0/8 [::1]/128"


@rule(
    severity=ERROR,
    area="relay-security",
    parameters=(NETWORKS,),
    when_set=True,
    noted=("maillint_rules.relay_security._networks", EVERYBODY),
    security=True,
)
def open_relay_mynetworks(config: Configuration) -> Iterator[Finding]:
    for placed in entries(config):
        if not holds_everybody(placed):
            continue
        views = trusting(placed)
        if views:
            yield Finding(
                placed.location,
                f"open relay: `{placed.pattern.text}` puts {_who(placed)} into `{NETWORKS}`, and"
                " `permit_mynetworks` lets them send mail to anywhere",
                mend=f"list your own networks only, such as `{NETWORKS} = {_USUAL}`",
                parameter=NETWORKS,
                related=placed.related,
                fix=_fix(placed),
                services=tuple(view.id for view in views if view.service is not None),
            )


def _who(placed: Placed) -> str:
    return "every IPv6 client" if "::" in placed.pattern.text else "every client"


def _fix(placed: Placed) -> Fix | None:
    setting = placed.judged.setting
    if not placed.is_written or setting.service is not None:
        return None
    if setting.value.text == placed.pattern.text:
        return Fix("trust this host alone", (Edit(placed.location, _USUAL),), safe=False)
    return Fix("remove it", (without_item(setting, placed.location),), safe=False)
