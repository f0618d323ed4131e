"""An `-o` that the program of the service does not read.

## What happens
A `-o` counts for the one program of its entry. `smtpd_tls_security_level` is for the server, smtpd(8), and
`smtp_tls_security_level` for the client, smtp(8); headers are looked at by cleanup(8), whoever took the
message. An `-o` for another program changes nothing: what it was to do is not done.

## Bad
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
```
```master.cf master-override-wrong-daemon@2
relay unix - - n - - smtp
  -o smtpd_tls_security_level=encrypt
```

### What another program does
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
```
```master.cf master-override-wrong-daemon@2
127.0.0.1:10025 inet n - n - - smtpd
  -o header_checks=regexp:/etc/postfix/reinjected
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
```
```master.cf
relay unix - - n - - smtp
  -o smtp_tls_security_level=encrypt
  -o our_name=relay.example.com -o smtp_helo_name=$our_name
127.0.0.1:10025 inet n - n - - smtpd
  -o cleanup_service_name=cleanup-reinjected
cleanup-reinjected unix n - n - 0 cleanup
  -o header_checks=regexp:/etc/postfix/reinjected
```

### Nothing was to change
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
```
```master.cf
127.0.0.1:10025 inet n - n - - smtpd
  -o header_checks=
```

## When it is right
Never: it does no harm, and no good.

## References
- master(5), `-o name=value`; the manual page of each program lists the parameters that it reads
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix.master import active_services, program

from .._told import told
from ._entries import UNREAD, unread_options

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.syntax.tree import Service, Setting

_PREFIXES = ("smtpd_", "smtp_", "lmtp_")


@rule(severity=WARNING, area="master", noted=("maillint_rules.master._entries", UNREAD))
def master_override_wrong_daemon(config: Configuration) -> Iterator[Finding]:
    for service in active_services(config):
        view = config.view(service.id)
        for setting in unread_options(config, service):
            if view is not None and not told(view.value(setting.name)):
                yield _finding(config, service, setting)


def _finding(config: Configuration, service: Service, setting: Setting) -> Finding:
    meant = _meant(config, service, setting.name)
    parameter = config.parameter(setting.name)
    readers = sorted(parameter.read_by) if parameter is not None else []
    listed = ", ".join(f"`{name}`" for name in readers[:3])
    return Finding(
        setting.name_location,
        f"this changes nothing: `{service.command}` does not read `{setting.name}`"
        + (f", which is for {listed}" if listed else ""),
        mend=f"write `-o {meant}=...`" if meant else "remove it, or give it to the program that reads it",
        parameter=setting.name,
        services=(service.id,),
        fix=Fix.write(setting.name_location, meant, safe=False) if meant else None,
    )


def _meant(config: Configuration, service: Service, name: str) -> str | None:
    """The parameter of the same name for the program of the service."""
    prefix = next((prefix for prefix in _PREFIXES if name.startswith(prefix)), None)
    own = f"{service.command}_"
    if prefix is None or own not in _PREFIXES or program(config, service) is None:
        return None
    meant = config.parameter(own + name.removeprefix(prefix))
    written = {option.name for option in service.options}
    if meant is None or service.command not in meant.read_by or meant.name in written:
        return None
    return meant.name
