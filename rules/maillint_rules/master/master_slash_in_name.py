"""A service name with a slash is a path through a directory that is not there.

## What happens
The socket of a service is a file in the directory `private` or `public` of the queue directory, with the
name of the service. A slash in the name leads into a directory below that, which Postfix does not make:
master(8) ends with `fatal: bind: private/...: No such file or directory`, and Postfix does not start.

## Bad
```master.cf master-slash-in-name@1 fragment
dovecot/lda unix - n n - - pipe flags=Rhu user=vmail argv=/usr/lib/dovecot/deliver -d ${recipient}
```

## Good
```master.cf fragment
dovecot-lda unix - n n - - pipe flags=Rhu user=vmail argv=/usr/lib/dovecot/deliver -d ${recipient}
```

## What Postfix says
```witness start
postfix/master: fatal: bind: private/dovecot/lda: No such file or directory
```

## When it is right
Where somebody has made the directory, and makes it again whenever the queue directory is made anew.

## References
- master(5), "Service name"
- Postfix source: util/unix_listen.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, MEDIUM, Finding
from maillint.engine.rule import rule
from maillint.postfix.master import NAME, active_services, socket_path

from .._told import is_placeholder
from ._entries import ODD_NAME

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="master", noted=("maillint_rules.master._entries", ODD_NAME))
def master_slash_in_name(config: Configuration) -> Iterator[Finding]:
    for service in active_services(config):
        if service.type == "inet" or "/" not in service.name or is_placeholder(service.name):
            continue
        path = socket_path(service)
        yield Finding(
            service.fields[NAME].location(),
            f"Postfix does not start unless somebody has made the directory `{path.rpartition('/')[0]}`"
            " in the queue directory: the name of a service is the name of its socket",
            mend="write a name without `/`",
            confidence=MEDIUM,
            services=(service.id,),
        )
