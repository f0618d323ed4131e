"""A command that takes one recipient is given all recipients of a message.

## What happens
In the command of pipe(8), an argument with `${recipient}`, `${user}`, `${mailbox}`, `${extension}` or
`${domain}` is repeated for each recipient, up to 50 of them. `-d ${recipient}` becomes
`-d one@example.com two@example.com`: Dovecot's `deliver` and `dovecot-lda` and Courier's `maildrop` take one
address behind `-d`, and refuse the rest as an unknown argument: the message comes back to its sender.

## Bad
```main.cf fragment
virtual_transport = dovecot
```
```master.cf pipe-multiple-recipients@2
dovecot unix - n n - - pipe
  flags=Rhu user=vmail argv=/usr/lib/dovecot/deliver -f ${sender} -d ${recipient}
```

## Good
```main.cf fragment
virtual_transport = dovecot
dovecot_destination_recipient_limit = 1
```
```master.cf
dovecot unix - n n - - pipe
  flags=Rhu user=vmail argv=/usr/lib/dovecot/deliver -f ${sender} -d ${recipient}
```

### A command that takes many
```main.cf fragment
local_transport = archive
```
```master.cf
archive unix - n n - - pipe flags=R user=nobody argv=/usr/local/bin/archive ${recipient}
```

## When it is right
Never.

## References
- pipe(8), `${recipient}`; postconf(5) transport_destination_recipient_limit
- Postfix source: pipe/pipe.c (expand_argv)
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding, Fix, Related
from maillint.engine.rule import rule
from maillint.postfix.master import active_services, attributes, command_line, macros_in

from .._edits import settings_written
from ._entries import TO_ONE
from ._recipients import FOR_ONE_RECIPIENT, limit_of, takes_many, used_for_delivery

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.syntax.source import LogicalText
    from maillint.syntax.tree import Service

_AGENTS = ("deliver", "dovecot-lda", "maildrop")
"""The commands that take one address behind ``-d``."""
_REPEATED = frozenset({"recipient", "original_recipient", "user", "mailbox", "extension", "domain"})


@rule(severity=WARNING, area="master", noted=("maillint_rules.master._entries", TO_ONE))
def pipe_multiple_recipients(config: Configuration) -> Iterator[Finding]:
    used = used_for_delivery(config)
    for service in active_services(config):
        if service.command != "pipe" or service.name not in used or not takes_many(config, service):
            continue
        argument = _address(command_line(service))
        if argument is not None and not _is_told(service):
            limit = limit_of(service)
            edits = settings_written(config.main_view, {limit: "1"}, used[service.name])
            yield Finding(
                argument.location(),
                f"a message with two recipients is refused by the command of `{service.id}`, which takes one"
                f" address behind `-d`: `{argument.text}` becomes an argument for each recipient",
                mend=f"write `{limit} = 1` in main.cf",
                parameter=limit,
                services=(service.id,),
                related=(Related(used[service.name].value.location(), "mail is sent to this service here"),),
                fix=Fix(f"write `{limit} = 1`", edits) if edits else None,
            )


def _address(command: list[LogicalText]) -> LogicalText | None:
    """The argument behind ``-d`` that is repeated for each recipient."""
    if not command or os.path.basename(command[0].text) not in _AGENTS:
        return None
    for option, argument in pairwise(command[1:]):
        if option.text == "-d" and any(macro.name in _REPEATED for macro in macros_in(argument.text)):
            return argument
    return None


def _is_told(service: Service) -> bool:
    """Whether rule delivery-flag-needs-one-recipient speaks: pipe(8) itself refuses such a message."""
    flags = "".join(attribute.value.text for attribute in attributes(service) if attribute.name == "flags")
    return not FOR_ONE_RECIPIENT.isdisjoint(flags)
