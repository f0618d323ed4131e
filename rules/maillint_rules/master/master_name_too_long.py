"""A service name that is too long for the path of a socket.

## What happens
The path of a UNIX-domain socket, here `private/` or `public/` and the name of the service, has at most 107
bytes. A longer one is fatal for master(8), `unix-domain name too long`, and Postfix does not start.

## Bad
```master.cf master-name-too-long@1 fragment
delivery-of-mail-for-the-customers-in-the-archive-by-the-program-that-the-archivists-had-written-long-ago
  unix - - n - - smtp
```

## Good
```master.cf fragment
delivery-to-archive unix - - n - - smtp
```

## What Postfix says
```witness start
postfix/master: fatal: unix-domain name too long: private/delivery-of-mail-for-...
```

## When it is right
Never.

## References
- unix(7), "Address format"
- Postfix source: util/unix_listen.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule
from maillint.postfix.master import NAME, PATH_LIMIT, active_services, socket_path

from ._entries import ODD_NAME

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_SOCKETS = ("unix", "unix-dgram", "pass")


@rule(severity=ERROR, area="master", noted=("maillint_rules.master._entries", ODD_NAME))
def master_name_too_long(config: Configuration) -> Iterator[Finding]:
    for service in active_services(config):
        if service.type not in _SOCKETS:
            continue
        length = len(socket_path(service).encode("utf-8", "surrogateescape"))
        if length > PATH_LIMIT:
            yield Finding(
                service.fields[NAME].location(),
                f"Postfix does not start: the path of this service's socket has {length} bytes,"
                f" and {PATH_LIMIT} is the most that there can be",
                mend="write a shorter name",
                services=(service.id,),
            )
