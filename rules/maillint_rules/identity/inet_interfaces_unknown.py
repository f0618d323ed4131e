"""inet_interfaces has a word that is no address of this host.

## What happens
The words are addresses of the host, or names that lead to them; alone, also `all` or `loopback-only`. Names
of interfaces such as `eth0`, networks and ports are none of these. master(8) ends with `host not found` or,
for `0.0.0.0`, with `no local interface found`: Postfix does not start.

## Bad
```main.cf inet-interfaces-unknown@1 fragment
inet_interfaces = 127.0.0.1, eth0
```

```main.cf inet-interfaces-unknown@1 fragment
inet_interfaces = 0.0.0.0
```

```main.cf inet-interfaces-unknown@1 fragment
inet_interfaces = all, 127.0.0.1
```

```main.cf inet-interfaces-unknown@1 fragment
inet_interfaces = 127.0.0.0/8
```

## Good
```main.cf fragment
inet_interfaces = 127.0.0.1, [::1], $myhostname
```

## What Postfix says
```witness start
postfix/master: fatal: config variable inet_interfaces: host not found: eth0
```

```witness start bad=2
postfix/master: fatal: parameter inet_interfaces: no local interface found for 0.0.0.0
```

```witness start bad=3
postfix/master: fatal: config variable inet_interfaces: host not found: all
```

```witness start bad=4
postfix/master: fatal: config variable inet_interfaces: host not found: 127.0.0.0/8
```

## When it is right
Never; a host whose name is `eth0` would be an exception.

## References
- postconf(5) inet_interfaces
- Postfix source: global/own_inet_addr.c
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, HIGH, MEDIUM, Finding
from maillint.engine.rule import rule
from maillint.postfix.host_port import address_family
from maillint.postfix.typed import is_hostname

from .._told import is_placeholder
from .._uses import found, shown
from .._values import judged_values
from .._words import ODD_INTERFACE

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_NAME = "inet_interfaces"
_WORDS = ("all", "loopback-only")
_INTERFACE = re.compile(
    r"lo[0-9]?|(?:eth|en[ospx]|wl[ospx]|wlan|em|venet|docker|br|virbr|bond|tun|tap|wg|ppp|vtnet|igb)[0-9][0-9a-z]*"
)
_UNSPECIFIED = ("0.0.0.0", "::")


@rule(
    severity=ERROR,
    area="identity",
    parameters=(_NAME,),
    when_set=True,
    noted=("maillint_rules._words", ODD_INTERFACE),
)
def inet_interfaces_unknown(config: Configuration) -> Iterator[Finding]:
    for judged in judged_values(config):
        if judged.parameter.name != _NAME or judged.value.text in _WORDS:
            continue
        for item in judged.value.items(braces=False):
            why = _why(item.text) if item.known and not is_placeholder(item.text) else ""
            if why:
                finding = found(
                    judged,
                    f"{shown(item.text)} {why}: Postfix does not start",
                    "write `all`, `loopback-only`, or addresses of this host",
                    place=(item.start, item.start + len(item.text)),
                )
                finding.confidence = MEDIUM if _INTERFACE.fullmatch(item.text) else HIGH
                yield finding


def _why(text: str) -> str:
    """Why Postfix finds no address of its own in a word: a predicate; empty: it may find one."""
    bare = text.removeprefix("[").removesuffix("]")
    if text.lower() in _WORDS:
        return "is a word that stands alone, in lower case"
    if bare in _UNSPECIFIED:
        return "is no address that an interface has"
    if address_family(bare) is not None:
        return ""
    if _INTERFACE.fullmatch(text):
        return "is the name of an interface, not an address"
    return "" if is_hostname(text) else "is neither an address nor the name of a host"
