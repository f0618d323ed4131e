"""An access list asks a policy server whose socket nothing makes.

## What happens
smtpd cannot connect, logs a warning, and puts off everybody who gets there with `451 4.3.5 Server
configuration problem`. A socket below `private/` is that of a service in master.cf, if it has one of that
name. Servers of other packages make theirs below the queue directory, too, so that only a name that is nearly
one of master.cf is told.

## Bad
```main.cf undefined-service-socket@4
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_recipient_restrictions = reject_unauth_destination, check_policy_service unix:private/polcy-spf
policy-spf_time_limit = 3600
```
```master.cf
smtp inet n - n - - smtpd
policy-spf unix - n n - 0 spawn user=nobody argv=/usr/local/bin/policy
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
policy-spf_time_limit = 3600
smtpd_recipient_restrictions = reject_unauth_destination, check_policy_service unix:private/policy-spf,
  check_policy_service unix:private/quota-status
```
```master.cf
smtp inet n - n - - smtpd
policy-spf unix - n n - 0 spawn user=nobody argv=/usr/local/bin/policy
```

## When it is right
Where another program has a socket with so similar a name.

## References
- SMTPD_POLICY_README
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix.references import is_defined, nearest_defined, sockets

from ..master._entries import NO_SOCKET

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(
    severity=WARNING,
    area="restrictions",
    noted=("maillint_rules.master._entries", NO_SOCKET),
    complete=True,
)
def undefined_service_socket(config: Configuration) -> Iterator[Finding]:
    for reference in sockets(config):
        meant = None if is_defined(reference) else nearest_defined(reference, "spawn")
        place = reference.location
        if meant is None or place is None:
            continue
        fix = Fix.write(place, meant, safe=False)
        yield Finding(
            place,
            f"`{reference.view.daemon}` connects to nobody here, and puts mail off: master.cf has no service"
            f" `{reference.name.rpartition('/')[2]}`",
            mend=f"write `{meant}`",
            parameter=reference.parameter,
            services=(reference.view.id,),
            fix=fix if place.text == reference.name else None,
        )
