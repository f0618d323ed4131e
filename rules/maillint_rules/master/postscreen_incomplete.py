"""postscreen(8) lacks a service that it hands its work to.

## What happens
postscreen(8) only looks at who connects. A client that passes goes to the service `smtpd`, of the type
`pass`; without it everybody hears `421 4.3.2 All server ports are busy`. It asks DNS block lists by the
service `dnsblog`; without that the lists of `postscreen_dnsbl_sites` say nothing, and spammers pass. It
speaks TLS by the service `tlsproxy`; without that STARTTLS fails.

## Bad
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
```
```master.cf postscreen-incomplete@1
smtp inet n - n - 1 postscreen
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
```

### Without DNS block lists
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
postscreen_dnsbl_sites = zen.example.net
postscreen_access_list =
postscreen_greet_wait = 1s
```
```master.cf postscreen-incomplete@1
smtp inet n - n - 1 postscreen
smtpd pass - - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
postscreen_dnsbl_sites = zen.example.net
```
```master.cf
smtp inet n - n - 1 postscreen
smtpd pass - - n - - smtpd
dnsblog unix - - n - 0 dnsblog
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
```

## What Postfix says
```witness connect
postfix/postscreen: warning: cannot connect to service private/smtpd: No such file or directory
```
```witness connect bad=2 without=dnsblog
postfix/postscreen: warning: psc_dnsbl_request: connect to private/dnsblog service: No such file or directory
```

## When it is right
Never.

## References
- POSTSCREEN_README, "Turning on postscreen without blocking mail"
- Postfix source: postscreen/postscreen_send.c, postscreen_dnsbl.c, postscreen_starttls.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix.master import COMMAND, active_services, is_complete

from .._edits import entry_added

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, View

_TLS = ("may", "encrypt")


@rule(severity=ERROR, area="master", complete=True, noted=("maillint_rules.master._entries", "postscreen"))
def postscreen_incomplete(config: Configuration) -> Iterator[Finding]:
    if not is_complete(config):
        return
    there = {service.id for service in active_services(config)}
    for service in active_services(config):
        view = config.view(service.id)
        if view is None or service.command != "postscreen":
            continue
        for parameter, type, entry, effect in _needs(view):
            name = view.value(parameter).text
            if name and f"{name}/{type}" not in there:
                yield Finding(
                    service.fields[COMMAND].location(),
                    f"{effect}: master.cf has no service `{name}` of the type `{type}`",
                    mend=f"add `{name} {entry}` to master.cf",
                    services=(service.id,),
                    fix=Fix("add the service", (entry_added(config.master, f"{name} {entry}"),))
                    if config.master is not None
                    else None,
                )


def _needs(view: View) -> Iterator[tuple[str, str, str, str]]:
    """The parameter that names a service, its type, the rest of its entry, and what happens without it."""
    yield (
        "smtpd_service_name",
        "pass",
        "pass - - n - - smtpd",
        "every client is sent away with `421 4.3.2 All server ports are busy`",
    )
    if view.value("postscreen_dnsbl_sites").text:
        yield (
            "dnsblog_service_name",
            "unix",
            "unix - - n - 0 dnsblog",
            "the DNS block lists of `postscreen_dnsbl_sites` are never asked",
        )
    if (view.value("postscreen_tls_security_level").text or "").lower() in _TLS:
        yield (
            "tlsproxy_service_name",
            "unix",
            "unix - - n - 0 tlsproxy",
            "STARTTLS fails when postscreen itself talks to the client",
        )
