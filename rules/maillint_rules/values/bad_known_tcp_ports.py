"""An entry of known_tcp_ports that Postfix does not take.

## What happens
The entries are separated by commas, and each is `name = port`, or `name = other-name = port`. Postfix skips
others with a warning in the log of every program. The name is then looked up in `/etc/services`, which is
often not there in a container or chroot.

## Bad
```main.cf bad-known-tcp-ports@1 fragment
known_tcp_ports = smtp=25, submission=587, smtps
```

```main.cf bad-known-tcp-ports@1 fragment
known_tcp_ports = smtp=25 submission=587
```

## Good
```main.cf fragment
known_tcp_ports = smtp=25, smtps = submissions = 465
```

## What Postfix says
```witness postmap static:x
postmap: warning: known_tcp_ports: in " smtps" is not in "name = value" form
```

```witness postmap static:x bad=2
postmap: warning: known_tcp_ports: in "smtp=25 submission=587": whitespace in service name
```

## When it is right
Never.

## References
- postconf(5) known_tcp_ports
- Postfix source: global/config_known_tcp_ports.c, util/known_tcp_ports.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding
from maillint.engine.rule import rule
from maillint.syntax.lists import split_list

from .._values import known_values
from ._refused import related, shown

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_NAME = "known_tcp_ports"


@rule(severity=WARNING, area="values", parameters=(_NAME,), when_set=True)
def bad_known_tcp_ports(config: Configuration) -> Iterator[Finding]:
    for judged in known_values(config, _NAME):
        seen: set[str] = set()
        for entry in split_list(judged.text, braces=False, separators=","):
            *names, port = (part.strip() for part in entry.text.split("="))
            why = _why(names, port, seen) if names or port else ""
            seen.update(names)
            if why:
                text = entry.text.strip()
                start = entry.start + entry.text.index(text)
                yield Finding(
                    judged.location(start, start + len(text)),
                    f"Postfix skips {shown(text)} with a warning in each program: {why}",
                    mend="write `name = port`, with commas between the entries",
                    parameter=_NAME,
                    related=related(judged),
                )


def _why(names: list[str], port: str, seen: set[str]) -> str:
    """What is wrong with an entry; empty: nothing."""
    if not names:
        return "it is no `name = port`"
    if not port:
        return "there is no port behind its `=`"
    if len(port.split()) > 1:
        return "there is white space in the port"
    for name in names:
        if not name:
            return "there is no name before its `=`"
        if len(name.split()) > 1:
            return "there is white space in the name"
        if _is_number(name):
            return "its name is a number"
        if name in seen:
            return f"`{name}` has a port already"
    return "" if _is_number(port) else "its port is no number"


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()
