"""The port on which a content filter hands mail back can be reached from outside.

## What happens
The second smtpd, behind the filter, trusts what it gets: it has no filter, and often no checks. A service
named `10025` listens on all addresses. Whoever finds the port hands in mail that nobody looks at, and where
the lists were emptied for the filter's sake, sends mail to anywhere.

## Bad
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
content_filter = scan:[127.0.0.1]:10024
```
```master.cf reinjection-port-exposed@3
smtp inet n - n - - smtpd
scan unix - - n - 10 smtp
10025 inet n - n - - smtpd
  -o content_filter=
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
content_filter = scan:[127.0.0.1]:10024
```
```master.cf
smtp inet n - n - - smtpd
scan unix - - n - 10 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
```

```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
content_filter = scan:[127.0.0.1]:10024
```
```master.cf
smtp inet n - n - - smtpd
scan unix - - n - 10 smtp
10025 inet n - n - - smtpd
  -o content_filter=
  -o mynetworks=127.0.0.0/8
  -o smtpd_recipient_restrictions=permit_mynetworks,reject
```

## When it is right
Where the filter runs on another host, and only that host can reach the port. Put it into `mynetworks` of this
service, and refuse all others.

## References
- FILTER_README, "Advanced content filter example"
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, HIGH, MEDIUM, Edit, Finding, Fix
from maillint.engine.rule import VIEW, rule

from ._relay import BEHIND_FILTER, handed_in, is_behind_filter, relayed

if TYPE_CHECKING:
    from maillint.postfix.configuration import View


@rule(
    severity=ERROR,
    area="relay-security",
    parameters=("content_filter", "smtpd_proxy_filter"),
    when_set=True,
    each=VIEW,
    noted=("maillint_rules.relay_security._relay", BEHIND_FILTER),
    security=True,
)
def reinjection_port_exposed(view: View) -> Iterator[Finding]:
    service = view.service
    if service is None or not is_behind_filter(view):
        return
    way = next(relayed(view), None)
    inward = way or next(handed_in(view), None)
    if inward is None:
        return
    place = service.fields[0].location()
    effect = "can send mail to anywhere" if way is not None else "can hand in mail that the filter never sees"
    port = service.name.rpartition(":")[2]
    yield Finding(
        place,
        f"whoever connects to port `{port}`, which takes mail back from the content filter, {effect}:"
        " the service listens on all addresses, and none of its access lists refuses strangers",
        mend=f"write `127.0.0.1:{port}`, or refuse others with"
        " `-o smtpd_client_restrictions=permit_mynetworks,reject`",
        confidence=HIGH if inward.certain else MEDIUM,
        related=inward.related(place),
        fix=Fix("listen to this host only", (Edit(place, f"127.0.0.1:{port}"),), safe=False),
    )
