"""A word in inet_protocols that Postfix does not know stops all of it.

## What happens
Every Postfix program, `postfix start` and `postconf` included, ends with a fatal error. The words are `all`,
`ipv4` and `ipv6`, in lower case, separated by white space or commas. An empty value is allowed and turns the
network off.

## Bad
```main.cf bad-inet-protocols@1 fragment
inet_protocols = ipv4-only
```

```main.cf bad-inet-protocols@1 fragment
inet_protocols = IPv4
```

### In master.cf
```master.cf bad-inet-protocols@2
smtp unix - - n - - smtp
  -o inet_protocols=ip4
```

## Good
```main.cf fragment
inet_protocols = ipv4
```

```main.cf fragment
inet_protocols = ipv4, ipv6
```

## What Postfix says
```witness postconf
postconf: fatal: unknown inet_protocols value "ipv4-only" in "ipv4-only"
```

```witness postconf bad=2
postconf: fatal: unknown inet_protocols value "IPv4" in "IPv4"
```

## When it is right
Never.

## References
- postconf(5) inet_protocols
- Postfix source: util/inet_proto.c, util/name_mask.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding, Fix
from maillint.engine.rule import VIEW, rule
from maillint.nearest import nearest

from .._words import OTHER_PROTOCOL, PROTOCOLS

if TYPE_CHECKING:
    from maillint.postfix.configuration import View

_TEMPLATE_MARKS = frozenset("{}<>%@#$")


@rule(
    severity=ERROR,
    area="identity",
    parameters=("inet_protocols",),
    when_set=True,
    each=VIEW,
    noted=("maillint_rules._words", OTHER_PROTOCOL),
)
def bad_inet_protocols(view: View) -> Iterator[Finding]:
    for item in view.items("inet_protocols"):
        if not item.known or item.text in PROTOCOLS or item.location is None or _is_template(item.text):
            continue
        meant = _meant(item.text)
        literal = item.location.text == item.text
        yield Finding(
            item.location,
            f"Postfix does not start: `inet_protocols` has no word `{item.text}`",
            mend=f"write `{meant}`" if meant else "write `all`, `ipv4` or `ipv6`",
            parameter="inet_protocols",
            fix=Fix.write(item.location, meant) if meant and literal else None,
        )


def _is_template(word: str) -> bool:
    """Whether a script is to put a word in the place of this one."""
    return bool(_TEMPLATE_MARKS.intersection(word))


def _meant(word: str) -> str | None:
    """The word that is plainly meant: by a digit in an IP version, else by one slip."""
    plain = word.lower()
    if plain.startswith(("ip", "v", "inet")):
        versions = {digit for digit in plain if digit.isdecimal()}
        if len(versions) == 1 and versions <= {"4", "6"}:
            return f"ipv{versions.pop()}"
        return None
    return nearest(plain, PROTOCOLS)
