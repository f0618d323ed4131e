"""A service of a type that its program does not serve.

## What happens
A program is written for certain types of services: most take `inet` and `unix`, `qmgr` and `pickup` take
`unix` and `fifo`, `postlogd` takes `unix-dgram`. With another one it ends with `fatal: unsupported transport
type` whenever master(8) starts it. An old `tlsmgr fifo` from Postfix 2.1, or a `postlog unix`, is such an
entry.

## Bad
```master.cf master-unsupported-type@1 fragment
tlsmgr fifo - - n 300 1 tlsmgr
```

```master.cf master-unsupported-type@1 fragment
postlog unix n - n - 1 postlogd
```

## Good
```master.cf fragment
pickup fifo n - n 60 1 pickup
tlsmgr unix - - n 1000? 1 tlsmgr
postlog unix-dgram n - n - 1 postlogd
smtpd pass - - n - - smtpd
```

## What Postfix says
```witness start
postfix/tlsmgr: fatal: unsupported transport type: fifo
```

## When it is right
Never.

## References
- master(5), "Service type"
- Postfix source: master/single_server.c, multi_server.c, event_server.c, trigger_server.c, dgram_server.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix.master import TYPE, active_services, program, types_served

from ._entries import WRONG_TYPE

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="master", noted=("maillint_rules.master._entries", WRONG_TYPE))
def master_unsupported_type(config: Configuration) -> Iterator[Finding]:
    for service in active_services(config):
        found = program(config, service)
        if found is None or service.type in types_served(found):
            continue
        field = service.fields[TYPE]
        types = types_served(found)
        meant = types[0] if len(types) == 1 else "unix"
        yield Finding(
            field.location(),
            f"`{service.command}` stops with a fatal error whenever it is started:"
            f" it does not serve services of the type `{service.type}`",
            mend=f"write `{meant}`",
            services=(service.id,),
            fix=Fix.write(field.location(), meant) if service.type != "inet" else None,
        )
