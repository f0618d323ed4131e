"""A mailbox is to be smaller than a message may be.

## What happens
local(8) with `mailbox_size_limit` below `message_size_limit`, and virtual(8) with `virtual_mailbox_limit`
below it, end with a fatal error whenever they are to deliver: no mailbox gets mail, and all of it waits in
the queue. Both mailbox limits are 51200000 by default, so that raising `message_size_limit` alone is enough.
A mailbox limit of 0 is none; a message limit of 0 is none, too, and then a mailbox limit is too small.

## Bad
```main.cf mailbox-limit-below-message-limit@3
compatibility_level = 3.6
myhostname = mail.example.com
message_size_limit = 104857600
```
```master.cf
local unix - n n - - local
```

```main.cf mailbox-limit-below-message-limit@2 fragment
message_size_limit = 20480000
mailbox_size_limit = 10240000
```

```main.cf mailbox-limit-below-message-limit@1 fragment
message_size_limit = 0
```

```main.cf mailbox-limit-below-message-limit@6
compatibility_level = 3.6
myhostname = mail.example.com
message_size_limit = 30000000
virtual_mailbox_domains = example.com
virtual_mailbox_base = /srv/mail
virtual_mailbox_limit = 20000000
```
```master.cf
virtual unix - n n - - virtual
```

## Good
```main.cf fragment
message_size_limit = 104857600
mailbox_size_limit = 0
virtual_mailbox_limit = 0
```

## What Postfix says
```witness deliver bad=2
postfix/local: fatal: configuration error: mailbox_size_limit is smaller than message_size_limit
```

```witness deliver bad=3
postfix/local: fatal: configuration error: mailbox_size_limit is limited but message_size_limit is...
```

## When it is right
Where the program is never used because another one delivers to mailboxes; the rule then says nothing, as
far as the transports show it.

## References
- postconf(5) mailbox_size_limit, virtual_mailbox_limit, message_size_limit
- Postfix source: local/local.c, virtual/virtual.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding, Fix
from maillint.engine.rule import VIEW, rule
from maillint.postfix.typed import value_of
from maillint.record import NamedTuple

from .._chain import set_here
from .._edits import settings_written
from ..limits._limits import MAILBOXES, holds_no_message

if TYPE_CHECKING:
    from maillint.postfix.configuration import View
    from maillint.syntax.tree import Setting

_MESSAGE = "message_size_limit"


class _Agent(NamedTuple):
    limit: str
    domains: str
    transport: str


_AGENTS = {
    "local": _Agent("mailbox_size_limit", "mydestination", "local_transport"),
    "virtual": _Agent("virtual_mailbox_limit", "virtual_mailbox_domains", "virtual_transport"),
}


@rule(
    severity=ERROR,
    area="values",
    parameters=(_MESSAGE, *(agent.limit for agent in _AGENTS.values())),
    when_set=True,
    noted=("maillint_rules.limits._limits", *MAILBOXES),
    each=VIEW,
)
def mailbox_limit_below_message_limit(view: View) -> Iterator[Finding]:
    for program, agent in _AGENTS.items():
        if view.daemon in (None, program) and _is_used(view, program, agent):
            yield from _judge(view, program, agent)


def _is_used(view: View, program: str, agent: _Agent) -> bool:
    """Whether mail goes to the program, as far as is known."""
    main = view.configuration.main_view
    transport = main.value(agent.transport).partial.partition(":")[0]
    name = view.service.name if view.service is not None else program
    return transport == name and main.value(agent.domains).text != ""


def _judge(view: View, program: str, agent: _Agent) -> Iterator[Finding]:
    if not holds_no_message(view, agent.limit):
        return
    limit, message = value_of(view, agent.limit) or 0, value_of(view, _MESSAGE) or 0
    name = agent.limit if view.is_set(agent.limit) else _MESSAGE
    place = view.value(name).location()
    if place is None:
        return
    size = f"less than `{_MESSAGE}`, which is {message}" if message > 0 else f"but `{_MESSAGE}` is no limit"
    yield Finding(
        place,
        f"`{program}` stops with a fatal error whenever it is to deliver: `{agent.limit}` is {limit}, {size}",
        mend=f"write `{agent.limit} = 0`"
        + (f", or `{message}` or more" if message > 0 else f", or a limit for `{_MESSAGE}`"),
        parameter=name,
        related=set_here((view.setting(agent.limit), view.setting(_MESSAGE)), but=place),
        fix=_fix(view, agent.limit, view.setting(name)) if message > 0 else None,
    )


def _fix(view: View, limit: str, beside: Setting | None) -> Fix | None:
    edits = settings_written(view, {limit: "0"}, beside) if beside is not None else None
    return Fix(f"set no `{limit}`", edits) if edits else None
