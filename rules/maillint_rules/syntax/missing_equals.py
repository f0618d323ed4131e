"""A line without `name = value` stops every Postfix program.

## What happens
Each logical line of main.cf must be `name = value`. Where the `=` or the name is missing, every Postfix
program that opens the file, `postfix start` and `sendmail` included, ends with `fatal: main.cf, line N:
missing '=' after attribute name`, or `missing attribute name`. A server that runs keeps running, until
its next reload or new process.

The usual causes: a colon or a blank instead of the `=`, a comment mark of another language (Postfix
knows `#` only), the next line of a list that starts in column 1, where a new setting begins, or a template
that was not filled in: its lines are told as one finding.

## Bad
```main.cf missing-equals@2 fragment
myhostname = mail.example.com
relayhost [smtp.example.net]
```

```main.cf missing-equals@2 fragment
myhostname = mail.example.com
= [smtp.example.net]
```

```main.cf missing-equals@3 fragment
myhostname = mail.example.com
mydestination = example.com,
localhost
```

```main.cf missing-equals@2 fragment
myhostname = mail.example.com
; relayhost = [smtp.example.net]
```

```main.cf missing-equals@3 fragment escaped
myhostname = mail.example.com
mydestination = example.com,
\\u00a0   localhost
```

```main.cf missing-equals@2 fragment
myhostname = mail.example.com
submission inet n - y - - smtpd
```

## Good
```main.cf fragment
myhostname = mail.example.com
relayhost = [smtp.example.net]
```

```main.cf fragment
myhostname = mail.example.com
mydestination = example.com,
    localhost
```

## What Postfix says
```witness postconf
postconf: fatal: ..., line 2: missing '=' after attribute name: "relayhost [smtp.example.net]"
```
```witness postconf bad=2
postconf: fatal: /etc/postfix/main.cf, line 2: missing attribute name: "= [smtp.example.net]"
```

## When it is right
Never in a finished main.cf. A template that another program fills in may hold such lines.

## References
- postconf(5), "main.cf file format"
- Postfix source: util/split_nameval.c, util/dict.c
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Edit, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix import catalogue
from maillint.postfix.master import TYPES
from maillint.syntax.tree import Malformed, Setting

from .._characters import BYTE_ORDER_MARK

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.syntax.tree import Trivia

_OF_A_TEMPLATE = re.compile(r"\{%|\{#|\{\{|<%|<\?|\[%|%\s*(?:if|for|end|else)")
"""How a line begins that Jinja, Go, ERB, PHP, Template Toolkit or Mako would have taken out."""
_FOREIGN_COMMENT = re.compile(r";|//|--|/\*|\*|<!--|(?i:rem\s)")
_PASTED_BLANKS = "\u00a0\u2003\u3000"
_ENTRY = re.compile(r"\S+\s+(?:" + "|".join(TYPES) + r")(?:\s+[-yn0-9?]+){5}\s+\S")
"""How an entry of master.cf begins."""
_NAME_AND_COLON = re.compile(r"(\w+)(\s*:\s*|\s+)(?=\S)")

_KINDS = (Malformed.MISSING_EQUALS, Malformed.MISSING_NAME)


@rule(
    severity=ERROR,
    area="syntax",
    noted=("maillint_rules._told", *_KINDS),
)
def missing_equals(config: Configuration) -> Iterator[Finding]:
    if config.main is None:
        return
    previous: Trivia | Setting | Malformed | None = None
    of_template: list[Malformed] = []
    for node in config.main.nodes:
        if isinstance(node, Malformed) and node.kind in _KINDS:
            if node.text.text.startswith(BYTE_ORDER_MARK):
                pass  # byte-order-mark
            elif _OF_A_TEMPLATE.match(node.text.text):
                of_template.append(node)
            else:
                yield _malformed(node, previous)
        previous = node
    if of_template:
        yield _not_filled_in(*of_template)


def _malformed(node: Malformed, previous: Trivia | Setting | Malformed | None) -> Finding:
    what = "no `=`" if node.kind == Malformed.MISSING_EQUALS else "no name before its `=`"
    mend, fix = _mend(node, previous)
    return Finding(
        node.text.location(),
        f"every Postfix program stops at this line with a fatal error: it has {what}",
        mend=mend,
        fix=fix,
    )


def _not_filled_in(first: Malformed, *others: Malformed) -> Finding:
    also = f", and so are {len(others)} more" if len(others) > 1 else ", and so is one more" if others else ""
    return Finding(
        first.text.location(),
        "every Postfix program stops at this line with a fatal error: it is for a program that fills in a"
        f" template{also}",
        mend="fill the template in, and check what comes of it",
    )


def _mend(node: Malformed, previous: Trivia | Setting | Malformed | None) -> tuple[str, Fix | None]:
    text = node.text.text
    blanks = len(text) - len(text.lstrip(_PASTED_BLANKS + " \t"))
    if blanks:
        place = node.text.location(0, blanks)
        return "indent the line with ASCII blanks: Postfix takes no others for blanks", Fix(
            "indent the line with ASCII blanks", (Edit(place, " " * blanks),), safe=False
        )
    if node.kind == Malformed.MISSING_NAME:
        return "write the parameter's name before the `=`, or remove the line", None
    if _ENTRY.match(text):
        return "move the entry to master.cf", None
    start = node.text.span.start
    if _FOREIGN_COMMENT.match(text):
        return "begin a comment with `#`", Fix(
            "comment the line out", (Edit.insert(node.source, start, "# "),), safe=False
        )
    named = _NAME_AND_COLON.match(text)
    if named and catalogue.parameter(named[1]) is not None:
        gap = node.text.location(named.end(1), named.end())
        return f"write `{named[1]} = ...`", Fix("put the `=` in", (Edit(gap, " = "),), safe=False)
    if isinstance(previous, Setting) and previous.value.text.endswith(","):
        return f"indent the line, so that it continues `{previous.name}`", Fix(
            "indent the line", (Edit.insert(node.source, start, "    "),), safe=False
        )
    return "write `name = value`, indent the line if it continues the one above, or begin it with `#`", None
