"""TLS is to be used, and master.cf lacks the service that TLS needs.

## What happens
smtpd(8), smtp(8) and tlsproxy(8) get their entropy and their session tickets from the service `tlsmgr`.
Without it they warn, `no entropy for TLS key generation: disabling TLS support`: at the level `may` all
mail goes in clear text, at a higher level it does not go at all.

## Bad
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
smtp_tls_security_level = may
```
```master.cf tlsmgr-missing@7
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
smtp unix - - n - - smtp
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
smtp_tls_security_level = may
```
```master.cf
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
tlsmgr unix - - n 1000? 1 tlsmgr
smtp unix - - n - - smtp
```

## What Postfix says
```witness deliver without=tlsmgr user@example.net
postfix/smtp: warning: problem talking to server private/tlsmgr: No such file or directory
postfix/smtp: warning: no entropy for TLS key generation: disabling TLS support
```

## When it is right
Never.

## References
- tlsmgr(8), TLS_README
- Postfix source: tls/tls_mgr.c, tls/tls_misc.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule
from maillint.postfix.master import COMMAND, active_services, is_complete
from maillint.postfix.tls import CLIENTS, NONE, client_level, server_level

from .._chain import set_here
from ._entries import MISSING

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, View
    from maillint.syntax.tree import Service


@rule(severity=ERROR, area="master", complete=True, noted=("maillint_rules.master._entries", MISSING))
def tlsmgr_missing(config: Configuration) -> Iterator[Finding]:
    if not is_complete(config):
        return
    services = list(active_services(config))
    name = config.main_view.value("tlsmgr_service_name").text
    if not name or any(service.name == name for service in services):
        return
    users = [service for service in services if _uses_tls(config, service)]
    if not users:
        return
    level = config.settings.get(f"{users[0].command}_tls_security_level")
    yield Finding(
        users[0].fields[COMMAND].location(),
        f"TLS is off, whatever the settings say: master.cf has no service `{name}`",
        mend=f"add `{name} unix - - n 1000? 1 tlsmgr` to master.cf",
        services=tuple(service.id for service in users),
        related=set_here([level]),
    )


def _uses_tls(config: Configuration, service: Service) -> bool:
    view = config.view(service.id)
    return view is not None and _level(view) not in (None, NONE)


def _level(view: View) -> str | None:
    if view.daemon == "smtpd":
        return server_level(view)
    return client_level(view, view.daemon) if view.daemon in CLIENTS else None
