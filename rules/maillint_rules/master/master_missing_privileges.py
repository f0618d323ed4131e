"""A program that needs root's privileges is started without them.

## What happens
`local`, `virtual`, `pipe` and `spawn` become the user that mail or a command belongs to, and only root can
do that. Their entries have `n` in the column "unprivileged". With `-` or `y` they end with `fatal: service
... requires privileged operation`, and mail for them stays in the queue.

## Bad
```master.cf master-missing-privileges@1 fragment
local unix - - n - - local
```

```master.cf master-missing-privileges@1 fragment
policy unix - y n - 0 spawn user=nobody argv=/usr/local/bin/policy
```

## Good
```master.cf fragment
local unix - n n - - local
virtual unix - n n - - virtual
policy unix - n n - 0 spawn user=nobody argv=/usr/local/bin/policy
```

## What Postfix says
```witness deliver
postfix/local: fatal: service local requires privileged operation
```

## When it is right
Never.

## References
- master(5), "Unprivileged"; local(8), virtual(8), pipe(8), spawn(8)
- Postfix source: master/single_server.c, MAIL_SERVER_PRIVILEGED
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix.master import UNPRIVILEGED, active_services, is_unprivileged, program

from ._entries import PRIVILEGES

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="master", noted=("maillint_rules.master._entries", PRIVILEGES))
def master_missing_privileges(config: Configuration) -> Iterator[Finding]:
    for service in active_services(config):
        found = program(config, service)
        if found is None or not found.privileged or not is_unprivileged(service):
            continue
        field = service.fields[UNPRIVILEGED]
        yield Finding(
            field.location(),
            f"`{service.command}` stops with a fatal error whenever it is started: it needs root's rights,"
            f" and `{field.text}` in the column unprivileged takes them away",
            mend="write `n`",
            services=(service.id,),
            fix=Fix.write(field.location(), "n"),
        )
