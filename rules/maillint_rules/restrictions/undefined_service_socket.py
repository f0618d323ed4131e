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

from maillint.engine.finding import WARNING, Edit, Finding, Fix
from maillint.engine.rule import VIEW, rule
from maillint.syntax.source import Location, Span

from ._lists import LISTS
from ._sequence import NO_SOCKET, PRIVATE, policies

if TYPE_CHECKING:
    from maillint.postfix.configuration import View


@rule(
    severity=WARNING,
    area="restrictions",
    parameters=LISTS,
    when_set=True,
    each=VIEW,
    noted=("maillint_rules.restrictions._sequence", NO_SOCKET),
    complete=True,
)
def undefined_service_socket(view: View) -> Iterator[Finding]:
    for problem, found, meant in policies(view):
        argument, place = found.restriction.argument, found.argument_location
        if problem != NO_SOCKET or argument is None:
            continue
        fix = None
        if place.text == argument.text:
            place = Location(place.source, Span(place.span.start + len(PRIVATE), place.span.end))
            fix = Fix(f"write `{meant}`", (Edit(place, meant),), safe=False)
        yield Finding(
            place,
            "smtpd answers `451 4.3.5 Server configuration problem` to whoever gets here: master.cf has no"
            f" service `{argument.text.removeprefix(PRIVATE)}`",
            mend=f"write `{meant}`",
            parameter=found.list.name,
            fix=fix,
        )
