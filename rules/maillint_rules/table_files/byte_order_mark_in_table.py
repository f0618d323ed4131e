"""A table begins with an invisible byte order mark, which belongs to the first key.

## What happens
Some editors put the bytes EF BB BF in front of a file in UTF-8. In a table they become part of the first key,
which nobody looks for then, or of the first comment, which is no comment any more; in a table of patterns the
first byte counts as the delimiter.

## Bad
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_sender_restrictions = check_sender_access texthash:/etc/postfix/senders
```
```senders byte-order-mark-in-table@1 escaped
\\ufeffexample.net REJECT
example.org REJECT
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_sender_restrictions = check_sender_access texthash:/etc/postfix/senders
```
```senders
example.net REJECT
example.org REJECT
```

## When it is right
Never.

## References
- postmap(1)
- Postfix source: util/readlline.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Edit, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix.tablefile import MARKED

from .._characters import BYTE_ORDER_MARK
from .._tablefiles import finding, problems

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="table-files", tables=True, noted=("maillint_rules._tablefiles", MARKED))
def byte_order_mark_in_table(config: Configuration) -> Iterator[Finding]:
    for judged in problems(config, MARKED):
        found = finding(
            judged,
            "the line begins with an invisible byte order mark, which belongs to its key",
            "save the file without a byte order mark",
        )
        if judged.location.text == BYTE_ORDER_MARK:
            found.fix = Fix("remove the byte order mark", (Edit(judged.location, ""),))
        yield found
