"""A field of master.cf with a value that master(8) refuses.

## What happens
master(8) checks the fields of each entry when it starts and when it reloads: the type is `inet`, `unix`,
`unix-dgram`, `fifo` or `pass`; private, unprivileged and chroot are `y`, `n` or `-`; the wakeup time is
a number of seconds, perhaps with a `?` behind it; the process limit is a number. An `inet` service is
never private, and `-` there means private. Anything else is fatal: Postfix does not start, and a reload
stops it. `postconf` does not notice a private `inet` service.

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

## Good
```master.cf fragment
smtp inet n - y - - smtpd
pickup unix n - y 60 1 pickup
tlsmgr unix - - y 1000? 1 tlsmgr
```

## When it is right
Never.

## References
- master(5), "SYNTAX"
- Postfix source: master/master_ent.c; postconf/postconf_master.c
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, WARNING, Edit, Finding, Fix
from maillint.engine.rule import rule

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.syntax.tree import Service

_TYPES = ("inet", "unix", "unix-dgram", "fifo", "pass")
_FLAG = re.compile(r"[yn-]")
_STARTS_WITH_DIGIT = re.compile(r"-|[0-9].*", re.DOTALL)

_FIELDS = (
    (1, "type", re.compile("|".join(_TYPES)), f"write {', '.join(_TYPES[:-1])} or {_TYPES[-1]}"),
    (2, "private", _FLAG, "write `y`, `n` or `-`"),
    (3, "unprivileged", _FLAG, "write `y`, `n` or `-`"),
    (4, "chroot", _FLAG, "write `y`, `n` or `-`"),
    (5, "wakeup", _STARTS_WITH_DIGIT, "write a number of seconds, or `-`"),
    (6, "process limit", _STARTS_WITH_DIGIT, "write a number, or `-`"),
)
"""Index, name, what master(8) accepts, and the mend."""

_NUMBERS = (
    (5, "wakeup", re.compile(r"-|[0-9]+\??")),
    (6, "process limit", re.compile(r"-|[0-9]+")),
)
"""Index, name, and what postconf(1) accepts, where it is the stricter one."""


@rule(severity=ERROR, area="master")
def master_bad_field(config: Configuration) -> Iterator[Finding]:
    for service in config.services:
        if service.name.startswith("-"):
            continue  # an option in column 1: master-option-not-indented
        finding = _refused(service) or _private_inet(service) or _refused_by_postconf(service)
        if finding is not None:
            yield finding


def _refused(service: Service) -> Finding | None:
    for index, name, accepted, mend in _FIELDS:
        field = service.fields[index]
        if not accepted.fullmatch(field.text):
            return Finding(
                field.location(),
                f"Postfix does not start: `{field.text}` is no {name} field of a master.cf entry",
                mend=mend,
                services=(service.id,),
            )
    return None


def _private_inet(service: Service) -> Finding | None:
    private = service.fields[2]
    if service.type != "inet" or private.text == "n":
        return None
    return Finding(
        private.location(),
        f"Postfix does not start: the inet service `{service.name}` cannot be private,"
        f" and `{private.text}` here means that",
        mend="write `n`",
        fix=Fix("write `n`", (Edit(private.location(), "n"),)),
        services=(service.id,),
    )


def _refused_by_postconf(service: Service) -> Finding | None:
    for index, name, accepted in _NUMBERS:
        field = service.fields[index]
        if not accepted.fullmatch(field.text):
            return Finding(
                field.location(),
                f"`postconf`, and all that calls it, stops at this {name} field;"
                f" master(8) takes only the number at its start",
                mend="write a number alone",
                severity=WARNING,
                services=(service.id,),
            )
    return None
