"""A field of master.cf with a value that master(8) refuses.

## What happens
master(8) checks the fields of each entry when it starts and when it reloads: the type is `inet`, `unix`,
`unix-dgram`, `fifo` or `pass`; private, unprivileged and chroot are `y`, `n` or `-`; the wakeup time is
a number of seconds, perhaps with a `?` behind it; the process limit is a number. An `inet` service is
never private, and `-` there means private. A type and a command must be given. Anything else is fatal:
Postfix does not start, and a reload stops it. `postconf` does not notice a private `inet` service.

The other way round, master(8) reads a number up to its first other character, so that `60s` is 60, but
`postconf` and all that calls it stop at such a field.

## Bad
```master.cf master-bad-field@1 fragment
smtp inet - - y - - smtpd
```

```master.cf master-bad-field@1 fragment
submission tcp n - y - - smtpd
```

```master.cf master-bad-field@1 fragment
pickup unix no - y 60 1 pickup
```

```master.cf master-bad-field@1 fragment
pickup unix n - y 60s 1 pickup
```

```master.cf master-bad-field@1 fragment
discard unix - - y - - -
```

```master.cf master-bad-field@1 fragment
tlsmgr unix - - y ? 1 tlsmgr
```

## Good
```master.cf fragment
smtp inet n - y - - smtpd
pickup unix n - y 60 1 pickup
tlsmgr unix - - y 1000? 1 tlsmgr
```

## What Postfix says
```witness start
postfix/master: fatal: ...: line ...: inet service cannot be private
```
```witness start bad=2
postfix/master: fatal: ...: line ...: bad transport type: tcp
```
```witness start bad=3
postfix/master: fatal: ...: line ...: field "private": bad value: "no"
```
```witness postconf bad=4
postconf: fatal: invalid wakeup field "60s" in "pickup unix n - y 60s 1 pickup"
```
```witness start bad=5
postfix/master: fatal: ...: line ...: field "command" has no default value
```
```witness start bad=6
postfix/master: fatal: ...: line ...: field "wakeup_time": bad value: "?"
```

## When it is right
Never.

## References
- master(5), "SYNTAX"
- Postfix source: master/master_ent.c; postconf/postconf_master.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, WARNING, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix.master import (
    CHROOT,
    COMMAND,
    FIELDS,
    LIMIT,
    PRIVATE,
    TYPE,
    TYPES,
    UNPRIVILEGED,
    WAKEUP,
    field_refused_by_postconf,
    is_private_inet,
    refused_field,
)

from ._entries import ODD_FIELD

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.syntax.tree import Service

_MENDS = {
    TYPE: f"write {', '.join(TYPES[:-1])} or {TYPES[-1]}",
    PRIVATE: "write `y`, `n` or `-`",
    UNPRIVILEGED: "write `y`, `n` or `-`",
    CHROOT: "write `y`, `n` or `-`",
    WAKEUP: "write a number of seconds, or `-`",
    LIMIT: "write a number, or `-`",
    COMMAND: "write the name of a program",
}


@rule(severity=ERROR, area="master", noted=("maillint_rules.master._entries", ODD_FIELD))
def master_bad_field(config: Configuration) -> Iterator[Finding]:
    for service in config.services:
        if service.name.startswith("-"):
            continue  # an option in column 1: master-option-not-indented
        finding = _refused(service) or _private_inet(service) or _refused_by_postconf(service)
        if finding is not None:
            yield finding


def _refused(service: Service) -> Finding | None:
    index = refused_field(service)
    if index is None:
        return None
    field = service.fields[index]
    return Finding(
        field.location(),
        f"Postfix does not start: `{field.text}` is no {FIELDS[index]} field of a master.cf entry",
        mend=_MENDS[index],
        services=(service.id,),
    )


def _private_inet(service: Service) -> Finding | None:
    if not is_private_inet(service):
        return None
    private = service.fields[PRIVATE]
    return Finding(
        private.location(),
        f"Postfix does not start: the inet service `{service.name}` cannot be private,"
        f" and `{private.text}` here means that",
        mend="write `n`",
        fix=Fix.write(private.location(), "n"),
        services=(service.id,),
    )


def _refused_by_postconf(service: Service) -> Finding | None:
    index = field_refused_by_postconf(service)
    if index is None:
        return None
    return Finding(
        service.fields[index].location(),
        f"`postconf`, and all that calls it, stops at this {FIELDS[index]} field;"
        f" master(8) takes only the number at its start",
        mend="write a number alone",
        severity=WARNING,
        services=(service.id,),
    )
