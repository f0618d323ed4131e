"""A master.cf entry with a program that Postfix does not have.

## What happens
master(8) takes the command from `daemon_directory`, whatever is written in front of it. Where there is no
such program, the child process ends with `fatal: master_spawn: exec ...: No such file or directory`,
and the service never answers. master(8) tries again and again.

## Bad
```master.cf master-unknown-program@1 fragment
smtp inet n - n - - smtp-d
```

```master.cf master-unknown-program@1 fragment
filter unix - n n - 10 /usr/local/bin/filter
```

```master.cf master-unknown-program@1 fragment postfix=3.3
postlog unix-dgram n - n - 1 postlogd
```

## Good
```master.cf fragment
smtp inet n - n - - smtpd
filter unix - n n - 10 pipe flags=Rq user=filter argv=/usr/local/bin/filter -f ${sender} -- ${recipient}
```

## What Postfix says
```witness connect
postfix/master: warning: /usr/lib/postfix/sbin/smtp-d: bad command startup -- throttling
```

## When it is right
Where somebody has put a program of that name into the daemon directory, as Apple did with its own. So it is
an error only where the name is that of a program of Postfix with a slip, or that of another version.

## References
- master(5), "Command name + arguments"
- Postfix source: master/master_spawn.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, HIGH, MEDIUM, WARNING, Finding, Fix
from maillint.engine.rule import rule
from maillint.nearest import nearest
from maillint.postfix.master import COMMAND, active_services, program
from maillint.postfix.vocabulary import programs

from .._told import is_placeholder
from ._entries import UNKNOWN_PROGRAM

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.syntax.tree import Service


@rule(severity=ERROR, area="master", noted=("maillint_rules.master._entries", UNKNOWN_PROGRAM))
def master_unknown_program(config: Configuration) -> Iterator[Finding]:
    for service in active_services(config):
        if program(config, service) is not None:
            continue
        command = service.command
        if is_placeholder(command) or (("/" in command or "$" in command) and not command.startswith("/")):
            continue
        yield _finding(config, service)


def _finding(config: Configuration, service: Service) -> Finding:
    command, field = service.command, service.fields[COMMAND]
    known = programs().get(command)
    meant = None
    if known is not None:
        why = f"Postfix {config.version} has no program `{command}`"
        mend = f"remove the entry, or use Postfix {known.since.release}"
    elif command.startswith("/"):
        why = f"`{command}` is looked for inside of the daemon directory of Postfix"
        mend = "run your own program by `pipe` or `spawn`, with `argv=`"
    else:
        meant = nearest(command, programs())
        why = f"Postfix has no program `{command}`"
        mend = f"write `{meant}`" if meant else "name a program that is in the daemon directory"
    is_sure = bool(known or meant) or command.startswith("/")
    return Finding(
        field.location(),
        f"the service `{service.id}` never answers: {why}",
        mend=mend,
        severity=ERROR if is_sure else WARNING,
        confidence=HIGH if is_sure else MEDIUM,
        services=(service.id,),
        fix=Fix.write(field.location(), meant) if meant else None,
    )
