"""The file begins with an indented line, which Postfix skips.

## What happens
A line that starts with white space continues the line above it. The first line of main.cf or master.cf
has none above, so Postfix skips it, with all indented lines below it, and logs `warning: logical line
must not start with whitespace`. The settings in it have no effect; their defaults stay. Comments and
empty lines above make no difference.

When a whole file is indented, all of it is one logical line, and all of it is skipped.

## Bad
```main.cf leading-whitespace@1 fragment
  myhostname = mail.example.com
mydomain = example.com
```

```main.cf leading-whitespace@2 fragment
# This server.
  myhostname = mail.example.com
  mydomain = example.com
```

## Good
```main.cf fragment
  # Comments may be indented.
myhostname = mail.example.com
mydomain = example.com
```

## What Postfix says
```witness postconf
postconf: warning: ...: logical line must not start with whitespace: "  myhostname = mail.example.co..."
```

## When it is right
Never: the line does nothing.

## References
- postconf(5), "main.cf file format"; master(5), "SYNTAX"
- Postfix source: util/readlline.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Edit, Finding, Fix
from maillint.engine.rule import rule
from maillint.syntax.tree import Malformed

from .._lines import indented_settings

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="syntax", noted=("maillint_rules._told", Malformed.LEADING_WHITESPACE))
def leading_whitespace(config: Configuration) -> Iterator[Finding]:
    for file in (config.main, config.master):
        for node in file.nodes if file is not None else ():
            if isinstance(node, Malformed) and node.kind == Malformed.LEADING_WHITESPACE:
                edits = tuple(Edit(indentation, "") for indentation, _ in indented_settings(node))
                yield Finding(
                    node.text.location(),
                    "Postfix skips this line: it is indented, and there is no line above to continue",
                    mend="start the line in column 1",
                    fix=Fix("remove the indentation", edits) if edits else None,
                )
