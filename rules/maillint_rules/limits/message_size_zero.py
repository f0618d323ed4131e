"""A message may be as large as the disk.

## What happens
With `message_size_limit = 0` smtpd(8) and the others take a message of any size. One client that sends
without end fills the queue's disk, and then no mail is accepted any more. The free space that `queue_minfree`
demands does not help: it is looked at before the message only.

## Bad
```main.cf message-size-zero@1 fragment
message_size_limit = 0
mailbox_size_limit = 0
virtual_mailbox_limit = 0
```

## Good
```main.cf fragment
message_size_limit = 52428800
mailbox_size_limit = 0
virtual_mailbox_limit = 0
```

## When it is right
On a host that only its own programs hand mail to, and behind a server that limits the size.

## References
- postconf(5) message_size_limit, queue_minfree
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, WARNING, Finding
from maillint.engine.rule import rule
from maillint.postfix.listening import LOOPBACK, NOBODY, smtp_reach

from .._uses import found
from .._words import NO_SIZE_LIMIT
from ..values.mailbox_limit_below_message_limit import mailbox_limit_below_message_limit
from ._limits import SIZE, insane

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(
    severity=WARNING,
    area="limits",
    parameters=(SIZE,),
    when_set=True,
    noted=("maillint_rules._words", NO_SIZE_LIMIT),
)
def message_size_zero(config: Configuration) -> Iterator[Finding]:
    told = {finding.location for view in config.views for finding in mailbox_limit_below_message_limit(view)}
    is_private = smtp_reach(config) in (LOOPBACK, NOBODY)
    for judged, _ in insane(config, SIZE):
        if judged.location() not in told:
            yield found(
                judged,
                "a message may be of any size: one that does not end fills the disk, and no more mail is"
                " accepted",
                "write a limit in bytes, such as `52428800`",
                meant="52428800",
                sure=False,
                severity=INFO if is_private else None,
            )
