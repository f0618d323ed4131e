"""pipe(8) or spawn(8) without a user or a command.

## What happens
`pipe` and `spawn` run the command behind `argv=` as the user behind `user=`, and neither has a default.
Without one of them they end with `fatal: missing user=` or `missing argv=` with each message or connection:
mail stays in the queue, a policy service never answers.

## Bad
```main.cf fragment
local_transport = archive
```
```master.cf master-missing-attribute@1
archive unix - n n - - pipe flags=R argv=/usr/bin/archive
```

```master.cf master-missing-attribute@1 fragment
policy unix - n n - 0 spawn user=nobody
```

## Good
```master.cf fragment
archive unix - n n - - pipe flags=R user=archive argv=/usr/bin/archive
policy unix - n n - 0 spawn user=nobody argv=/usr/local/bin/policy
```

## What Postfix says
```witness deliver
postfix/pipe: fatal: missing user= command-line attribute
```

## When it is right
Never.

## References
- pipe(8), "COMMAND ATTRIBUTE SYNTAX"; spawn(8)
- Postfix source: pipe/pipe.c, spawn/spawn.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule
from maillint.postfix.master import COMMAND, active_services, attributes, program

from .._told import is_placeholder
from ._entries import NO_ATTRIBUTE

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_NEEDED = ("user", "argv")


@rule(severity=ERROR, area="master", noted=("maillint_rules.master._entries", NO_ATTRIBUTE))
def master_missing_attribute(config: Configuration) -> Iterator[Finding]:
    for service in active_services(config):
        found = program(config, service)
        known = (found.attributes(config.version) if found is not None else None) or {}
        if not known.keys() >= set(_NEEDED):
            continue
        given = attributes(service)
        if any(attribute.name not in known or is_placeholder(attribute.at.text) for attribute in given):
            continue  # What is misspelt or left open may be what is missing: master-bad-attribute.
        missing = [name for name in _NEEDED if name not in {attribute.name for attribute in given}]
        if missing:
            what = " and ".join(f"`{name}=`" for name in missing)
            yield Finding(
                service.fields[COMMAND].location(),
                f"`{service.command}` stops with a fatal error whenever `{service.id}` is used:"
                f" {what} {'are' if missing[1:] else 'is'} missing",
                mend=f"write `{service.command} user=NAME argv=/PATH/TO/COMMAND ...`",
                services=(service.id,),
            )
