"""A comment behind a value in a table is a part of the value.

## What happens
A comment stands on a line of its own. Behind a value, `#` and the words after it belong to the value: mail
for the address goes to recipients `#` and `partner` too, a mailbox gets a strange name, a next hop is no
host.

## Bad
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
virtual_alias_domains = example.com
virtual_alias_maps = texthash:/etc/postfix/virtual
```
```virtual table-inline-comment@1
sales@example.com anna@example.net # since spring
postmaster@example.com anna@example.net
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
virtual_alias_domains = example.com
virtual_alias_maps = texthash:/etc/postfix/virtual
```
```virtual
# since spring
sales@example.com anna@example.net
postmaster@example.com anna@example.net
"#1"@example.com bert@example.net
```

```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
alias_maps = hash:/etc/postfix/aliases
alias_database = $alias_maps
```
```aliases
shop: "|/usr/local/bin/shop # 1"
```

## What Postfix says
```witness deliver sales@example.com
postfix/error: ...: to=<since@example.com>, orig_to=<sales@example.com>, ...
```

## When it is right
Never, in a list of addresses. In the text of a `REJECT` it is shown to the client, and no finding.

## References
- postmap(1), virtual(5)
- Postfix source: util/readlline.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Edit, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix.table_results import INLINE_COMMENT
from maillint.syntax.source import Location, Span

from .._tablefiles import finding, problems

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="table-files", tables=True, noted=("maillint_rules._tablefiles", INLINE_COMMENT))
def table_inline_comment(config: Configuration) -> Iterator[Finding]:
    for judged in problems(config, INLINE_COMMENT):
        found = finding(
            judged,
            "this is no comment but a part of the value: a comment stands on a line of its own",
            "put the comment on a line of its own, above this one",
        )
        found.fix = _fix(judged.location)
        yield found


def _fix(comment: Location) -> Fix | None:
    """Move the comment to a line of its own, above the line that it stands on."""
    source = comment.source
    start = source.line_start(comment.start.line)
    before = source.text[start : comment.span.start]
    if not comment.text.startswith("#") or not before.strip() or comment.start.line != comment.end.line:
        return None
    end = start + len(before.rstrip())
    return Fix(
        "move the comment above",
        (
            Edit.insert(source, start, f"{comment.text}\n"),
            Edit(Location(source, Span(end, comment.span.end)), ""),
        ),
    )
