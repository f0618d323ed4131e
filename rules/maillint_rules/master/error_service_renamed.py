"""A service of error(8) that is called neither `error` nor `retry`.

## What happens
error(8) bounces mail when its service is called `error`, and defers it when the name is `retry`. Called
otherwise, it ends with `fatal: bad error service name` at each message that it gets, and mail for it
stays in the queue.

## Bad
```main.cf fragment
local_transport = blackhole:gone
```
```master.cf error-service-renamed@1
blackhole unix - - n - - error
```

## Good
```master.cf fragment
error unix - - n - - error
retry unix - - n - - error
blackhole unix - - n - - discard
```

## What Postfix says
```witness deliver
postfix/error: fatal: bad error service name: blackhole
```

## When it is right
Never.

## References
- error(8)
- Postfix source: error/error.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule
from maillint.postfix.master import NAME, active_services

from ._entries import RENAMED_ERROR

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_NAMES = ("error", "retry")


@rule(severity=ERROR, area="master", noted=("maillint_rules.master._entries", RENAMED_ERROR))
def error_service_renamed(config: Configuration) -> Iterator[Finding]:
    for service in active_services(config):
        if service.command != "error" or service.name in _NAMES:
            continue
        yield Finding(
            service.fields[NAME].location(),
            f"mail for `{service.name}` stays in the queue: `error` stops with a fatal error"
            " unless its service is called `error` or `retry`",
            mend="use `error:TEXT` or `retry:TEXT` as transport, or the program `discard`",
            services=(service.id,),
        )
