"""A master.cf entry with fewer than eight fields stops Postfix.

## What happens
An entry has eight fields: name, type, private, unprivileged, chroot, wakeup time, process limit,
command. Where one is missing, master(8) ends with `fatal: line N: missing "command" field` or a
complaint about a field that has moved to the left: Postfix does not start, a reload stops it, and
`postconf` and all that call it fail, too, with `bad field count`.

## Bad
```master.cf master-missing-field@1 fragment
smtp inet n - y - smtpd
```

```master.cf master-missing-field@1 fragment
archive unix - - n - -
```

```master.cf master-missing-field@2 fragment
smtp inet n - y - - smtpd
smtpd_helo_required = yes
```

## Good
```master.cf fragment
smtp inet n - y - - smtpd
```

## What Postfix says
```witness start bad=2
postfix/master: fatal: ...: line ...: missing "command" field
```
```witness postconf
postconf: fatal: file /etc/postfix/master.cf: line 1: bad field count
```

## When it is right
Never.

## References
- master(5), "SYNTAX"
- Postfix source: master/master_ent.c, postconf/postconf_master.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule
from maillint.postfix import catalogue
from maillint.syntax.tree import Malformed

from .._characters import BYTE_ORDER_MARK, pattern

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="master", noted=("maillint_rules._told", Malformed.FIELD_COUNT))
def master_missing_field(config: Configuration) -> Iterator[Finding]:
    for node in config.master.nodes if config.master is not None else ():
        if not isinstance(node, Malformed) or node.kind != Malformed.FIELD_COUNT:
            continue
        text = node.text.text
        if text.startswith(("-", BYTE_ORDER_MARK)):
            continue  # master-option-not-indented, byte-order-mark
        yield Finding(
            node.text.location(),
            f"Postfix does not start: this entry has {len(text.split())} of the eight fields that master.cf"
            " needs",
            mend=_mend(text),
        )


def _mend(text: str) -> str:
    name, equals, _ = text.partition("=")
    if equals and catalogue.parameter(name.strip()) is not None:
        return "move the setting to main.cf, or make it an indented `-o name=value` of the entry above"
    if pattern().match(text):
        return "indent the line with ASCII blanks: Postfix takes no others for blanks"
    return (
        "give name, type, private, unprivileged, chroot, wakeup, process limit and command,"
        " with `-` for a default; indent the line if it continues the entry above"
    )
