"""A process limit that the program of the service does not accept.

## What happens
Some programs work only when there is one process of them, and insist on a process limit of 1: `anvil`,
`pickup`, `postlogd`, `postscreen`, `qmgr`, `scache`, `tlsmgr`, `verify`. Others manage their number
themselves, and insist on 0: `bounce`, `cleanup`, `dnsblog`, `flush`, `tlsproxy`. With any other limit they
end with `fatal: service ... requires a process limit of ...` whenever master(8) starts them, and what they
do is not done. `-` in this field means `default_process_limit`, which is 100 unless it is set.

## Bad
```master.cf master-wrong-process-limit@1 fragment
cleanup unix n - n - - cleanup
```

```master.cf master-wrong-process-limit@1 fragment
tlsmgr unix - - n 1000? - tlsmgr
```

```main.cf
default_process_limit = 50
```
```master.cf master-wrong-process-limit@1
anvil unix - - n - - anvil
```

## Good
```master.cf fragment
cleanup unix n - n - 0 cleanup
tlsmgr unix - - n 1000? 1 tlsmgr
smtp unix - - n - - smtp
proxymap unix - - n - - proxymap
```

## What Postfix says
```witness deliver
postfix/cleanup: fatal: service cleanup requires a process limit of 0
```

## When it is right
Never.

## References
- master(5), "Process limit"; the manual pages of the programs
- Postfix source: master/single_server.c and its sisters, MAIL_SERVER_SOLITARY and MAIL_SERVER_UNLIMITED
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix.master import LIMIT, active_services, getopt, process_limit, program

from .._chain import set_here
from ._entries import WRONG_LIMIT

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.syntax.tree import Service


@rule(severity=ERROR, area="master", noted=("maillint_rules.master._entries", WRONG_LIMIT))
def master_wrong_process_limit(config: Configuration) -> Iterator[Finding]:
    for service in active_services(config):
        found = program(config, service)
        if found is None or found.limit is None:
            continue
        limit = process_limit(config, service)
        if limit is None or limit == found.limit or _is_told_otherwise(service, found.limit):
            continue
        field = service.fields[LIMIT]
        by_default = field.text == "-"
        yield Finding(
            field.location(),
            f"`{service.command}` stops with a fatal error whenever it is started: it requires"
            f" a process limit of {found.limit}, and {'`-` means ' if by_default else 'this is '}{limit}",
            mend=f"write `{found.limit}`",
            services=(service.id,),
            related=set_here([config.settings.get("default_process_limit")]) if by_default else (),
            fix=Fix.write(field.location(), str(found.limit)),
        )


def _is_told_otherwise(service: Service, limit: int) -> bool:
    """Whether an argument says what master(8) else says because of the field."""
    letters = {option.letter for option in getopt(service)[0]}
    return "S" in letters or ("l" if limit else "z") in letters
