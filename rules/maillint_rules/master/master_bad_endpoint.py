"""The name of an inet service that is no `host:port`.

## What happens
The name of a service of the type `inet` is a port, or a host and a port: `smtp`, `2525`,
`192.0.2.25:smtp`, `[2001:db8::25]:smtp`. Without a host it listens on all of `inet_interfaces`; `*` is not
known. Anything else is fatal for master(8): Postfix does not start, and a reload stops it.

## Bad
```master.cf master-bad-endpoint@1 fragment
*:submission inet n - n - - smtpd
```

```master.cf master-bad-endpoint@1 fragment
25/tcp inet n - n - - smtpd
```

```master.cf master-bad-endpoint@1 fragment
[2001:db8::25 inet n - n - - smtpd
```

```master.cf master-bad-endpoint@1 fragment
192.0.2.25: inet n - n - - smtpd
```

## Good
```master.cf fragment
submission inet n - n - - smtpd
192.0.2.25:smtp inet n - n - - smtpd
[2001:db8::25]:25 inet n - n - - smtpd
2001:db8::26:25 inet n - n - - smtpd
```

## What Postfix says
```witness start
postfix/master: fatal: ...: line ...: valid hostname or network address required in "*:submission"
```
```witness start bad=2
postfix/master: fatal: /etc/postfix/master.cf: line ...: garbage after numerical service in "25/tcp"
```
```witness start bad=3
postfix/master: fatal: /etc/postfix/master.cf: line ...: missing "]" in "[2001:db8::25"
```
```witness start bad=4
postfix/master: fatal: /etc/postfix/master.cf: line ...: missing service information in "192.0.2.25:"
```

## When it is right
Never.

## References
- master(5), "Service name"
- Postfix source: util/host_port.c, master/master_ent.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix.host_port import host_port
from maillint.postfix.master import NAME, active_services, endpoint

from .._told import is_placeholder
from ._entries import BAD_ENDPOINT

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="master", noted=("maillint_rules.master._entries", BAD_ENDPOINT))
def master_bad_endpoint(config: Configuration) -> Iterator[Finding]:
    for service in active_services(config):
        if service.type != "inet" or is_placeholder(service.name):
            continue
        error = endpoint(service).error
        if not error:
            continue
        name = service.fields[NAME]
        meant = _meant(service.name)
        yield Finding(
            name.location(),
            f"Postfix does not start: the name of an inet service is a port or host:port; it says `{error}`"
            f" of `{service.name}`",
            mend=f"write `{meant}`" if meant else "write a port such as `2525`, or `host:port`",
            services=(service.id,),
            fix=Fix.write(name.location(), meant) if meant else None,
        )


def _meant(name: str) -> str | None:
    """The port alone, where the name says "any address" or "TCP" in other programs' way."""
    port = name.removeprefix("*:").removesuffix("/tcp")
    return port if port != name and not host_port(port, "", None).error else None
