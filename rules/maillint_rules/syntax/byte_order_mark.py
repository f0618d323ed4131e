"""A line begins with an invisible byte order mark, which Postfix takes for text.

## What happens
Some editors put the bytes EF BB BF in front of a file in UTF-8. For Postfix they belong to the first
line: it sets a parameter of another name, so that the one that is meant keeps its default; a comment is
no comment any more, and each program stops with `missing '=' after attribute name`; and the first service
of master.cf has a name that is no port, with which Postfix does not start. Where files are put together, the
mark stands in the middle.

## Bad
```main.cf byte-order-mark@1 fragment escaped
\\ufeffmyhostname = mail.example.com
```

```main.cf byte-order-mark@1 fragment escaped
\\ufeff# Our mail server.
myhostname = mail.example.com
```

```master.cf byte-order-mark@1 fragment escaped
\\ufeffsmtp inet n - y - - smtpd
```

## Good
```main.cf fragment
# Our mail server.
myhostname = mail.example.com
```

## What Postfix says
```witness postconf
postconf: warning: ...: unused parameter: ???myhostname=mail.example.com
```
```witness postconf bad=2
postconf: fatal: ..., line 1: missing '=' after attribute name: "???# Our mail server."
```

## When it is right
Never.

## References
- postconf(5), "main.cf file format"; master(5), "SYNTAX"
- Postfix source: util/readlline.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Edit, Finding, Fix
from maillint.engine.rule import rule
from maillint.syntax.source import Location, Span

from .._characters import BYTE_ORDER_MARK
from .._told import MARKED

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="syntax", noted=("maillint_rules._told", MARKED))
def byte_order_mark(config: Configuration) -> Iterator[Finding]:
    for file in (config.main, config.master):
        for node in file.nodes if file is not None else ():
            mark = Location(node.source, Span(node.span.start, node.span.start + len(BYTE_ORDER_MARK)))
            if mark.text == BYTE_ORDER_MARK:
                yield Finding(
                    mark,
                    "the line begins with an invisible byte order mark, which belongs to its first word"
                    " and makes another of it",
                    mend="save the file without a byte order mark",
                    fix=Fix("remove the byte order mark", (Edit(mark, ""),)),
                )
