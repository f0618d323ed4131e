"""A service is to run under a debugger, and nothing says which.

## What happens
With `-D`, a program runs `debugger_command` at its start. Where that is not set, it ends with `fatal: no
debugger_command variable set up`, and the service never answers.

## Bad
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
```
```master.cf debugger-command-missing@1
smtp inet n - n - - smtpd -D
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
debugger_command = PATH=/bin:/usr/bin; (strace -p $process_id 2>&1 | logger -p mail.info) & sleep 5
```
```master.cf
smtp inet n - n - - smtpd -D
```

## What Postfix says
```witness connect
postfix/smtpd: fatal: no debugger_command variable set up
```

## When it is right
Never.

## References
- DEBUG_README; postconf(5) debugger_command
- Postfix source: global/debug_process.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule
from maillint.postfix.master import active_services, getopt, program

from ._entries import OPTIONS

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(
    severity=ERROR,
    area="master",
    parameters=("debugger_command",),
    complete=True,
    noted=("maillint_rules.master._entries", OPTIONS),
)
def debugger_command_missing(config: Configuration) -> Iterator[Finding]:
    for service in active_services(config):
        view = config.view(service.id)
        if view is None or config.main is None or program(config, service) is None:
            continue
        for option in getopt(service)[0]:
            if option.letter == "D" and view.value("debugger_command").text == "":
                yield Finding(
                    option.at.location(),
                    f"`{service.command}` stops with a fatal error when `{service.id}` is used:"
                    " `debugger_command` is not set",
                    mend="remove `-D`, or set `debugger_command`",
                    parameter="debugger_command",
                    services=(service.id,),
                )
                break
