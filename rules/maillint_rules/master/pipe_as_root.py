"""pipe(8) or spawn(8) is to run a command as root, or as Postfix itself.

## What happens
A command that gets mail or connections from anybody must not be able to change the system or the mail
queue. So `pipe` and `spawn` end with a fatal error when `user=` names root, the owner of the mail system
(`mail_owner`, `postfix` unless set), or a group of theirs; pipe also refuses `setgid_group` (`postdrop`).
Mail for the service stays in the queue.

## Bad
```main.cf fragment
local_transport = archive
```
```master.cf pipe-as-root@1
archive unix - n n - - pipe flags=R user=root argv=/usr/bin/archive
```

```master.cf pipe-as-root@1 fragment
policy unix - n n - 0 spawn user=postfix argv=/usr/local/bin/policy
```

```master.cf pipe-as-root@1 fragment
archive unix - n n - - pipe flags=R user=archive:postdrop argv=/usr/bin/archive
```

## Good
```master.cf fragment
archive unix - n n - - pipe flags=R user=archive:mail argv=/usr/bin/archive
policy unix - n n - 0 spawn user=nobody argv=/usr/local/bin/policy
```

## What Postfix says
```witness deliver
postfix/pipe: fatal: user= command-line attribute specifies root privileges
```

## When it is right
Never: make a user of its own for the command.

## References
- pipe(8), spawn(8), "user="
- Postfix source: pipe/pipe.c, spawn/spawn.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule
from maillint.postfix.master import active_services, attributes

from .._chain import set_here
from ._entries import PRIVILEGED

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, Value
    from maillint.postfix.master import Attribute
    from maillint.syntax.tree import Service

_PROGRAMS = ("pipe", "spawn")


@rule(severity=ERROR, area="master", security=True, noted=("maillint_rules.master._entries", PRIVILEGED))
def pipe_as_root(config: Configuration) -> Iterator[Finding]:
    for service in active_services(config):
        if service.command not in _PROGRAMS:
            continue
        for attribute in attributes(service):
            if attribute.name == "user":
                yield from _judge(config, service, attribute)


def _judge(config: Configuration, service: Service, attribute: Attribute) -> Iterator[Finding]:
    user, _, group = attribute.value.text.partition(":")
    owner, setgid = (config.main_view.value(name) for name in ("mail_owner", "setgid_group"))
    reason: Value | None = None
    if user == "root":
        why = "it never runs a command as root"
    elif group == "root":
        why = "it never runs a command with the group root"
    elif user == owner.text:
        why, reason = f"`{user}` owns the mail queue", owner
    elif group and group == setgid.text and service.command == "pipe":
        why, reason = f"the group `{group}` may put mail into the queue", setgid
    else:
        return
    yield Finding(
        attribute.value.location(),
        f"`{service.command}` stops with a fatal error whenever `{service.id}` is used: {why}",
        mend="write a user that is there for this command alone",
        services=(service.id,),
        related=set_here(reason.chain) if reason is not None else (),
    )
