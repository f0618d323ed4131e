"""An option in column 1 begins a new entry.

## What happens
In master.cf, as in main.cf, only white space at the start of a line continues the line above. `-o
name=value` in column 1 is therefore a service of its own, with the name `-o` and the type `name=value`.
master(8) ends with `fatal: line N: bad transport type: name=value`: Postfix does not start, and a reload
stops it.

## Bad
```master.cf master-option-not-indented@2 fragment
submission inet n - y - - smtpd
-o smtpd_tls_security_level=encrypt
```

## Good
```master.cf fragment
submission inet n - y - - smtpd
  -o smtpd_tls_security_level=encrypt
```

## What Postfix says
```witness start
postfix/master: fatal: ...: line ...: bad transport type: smtpd_tls_security_level=encrypt
```

## When it is right
Never.

## References
- master(5), "SYNTAX"
- Postfix source: master/master_ent.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Edit, Finding, Fix
from maillint.engine.rule import rule
from maillint.syntax.source import LogicalText
from maillint.syntax.tree import Malformed, Service, Trivia

from ._entries import COLUMN_1

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="master", noted=("maillint_rules.master._entries", COLUMN_1))
def master_option_not_indented(config: Configuration) -> Iterator[Finding]:
    owner: Service | None = None
    for node in config.master.nodes if config.master is not None else ():
        words = _words(node)
        if words is None:
            # A comment may have been the head of the entry that the option belongs to.
            owner = None
        elif words.text.startswith("-"):
            start = words.span.start
            indent = Edit.insert(node.source, start, "  ")
            yield Finding(
                words.location(),
                "Postfix does not start: in column 1 this is no option,"
                f" but a service named `{words.text.split()[0]}`",
                mend="indent the line",
                fix=Fix("indent the line", (indent,)) if owner is not None else None,
            )
        else:
            owner = node if isinstance(node, Service) else None


def _words(node: Trivia | Service | Malformed) -> LogicalText | None:
    """How the entry begins; None for comments, and for a first line that is skipped."""
    if isinstance(node, Service):
        return node.fields[0]
    return node.text if isinstance(node, Malformed) and node.kind == Malformed.FIELD_COUNT else None
