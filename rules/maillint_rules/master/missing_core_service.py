"""master.cf lacks a service that mail always needs.

## What happens
The programs of Postfix work for each other. Without `cleanup` no message gets into the queue, without `qmgr`
none out of it, without `rewrite` no address is understood, without `pickup` nothing that a program on this
host sends is taken up, and without `bounce` and `defer` nobody hears of mail that is not delivered. Who
needs a service that is missing warns, `connect to ... subsystem ...: No such file or directory`, waits, and
tries again.

## Bad
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
```
```master.cf missing-core-service@1
smtp inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
smtp unix - - n - - smtp
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
```
```master.cf
smtp inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
smtp unix - - n - - smtp
```

### A few entries are no whole master.cf
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
```
```master.cf
smtp inet n - n - - smtpd
```

## What Postfix says
```witness rcpt without=rewrite
postfix/smtpd: warning: connect #1 to subsystem private/rewrite: No such file or directory
```

## When it is right
Where `pickup` is left out so that no program on this host can send mail.

## References
- master(5); the file master.cf that Postfix comes with
- Postfix source: global/mail_connect.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, MEDIUM, WARNING, Finding
from maillint.engine.rule import rule
from maillint.postfix.master import CORE, NAME, core_services, is_complete, readable_services

from ._entries import MISSING

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="master", complete=True, noted=("maillint_rules.master._entries", MISSING))
def missing_core_service(config: Configuration) -> Iterator[Finding]:
    if not is_complete(config):
        return
    names = {service.name for service in readable_services(config)}
    missing = {parameter: name for parameter, name in core_services(config).items() if name not in names}
    if not missing:
        return
    parameter, name = next(iter(missing.items()))
    others = " and ".join(f"`{other}`" for other in missing.values() if other != name)
    yield Finding(
        config.services[0].fields[NAME].location(),
        f"{CORE[parameter]}: master.cf has no service `{name}`" + (f", nor {others}" if others else ""),
        mend=f"add the entr{'ies' if others else 'y'} that the master.cf of Postfix has",
        severity=WARNING if parameter == "pickup_service_name" else None,
        confidence=MEDIUM,
    )
