"""A delivery status filter gives something that begins with no status code.

## What happens
A result of the filter is a whole status: a code of three numbers such as `4.7.5`, then the text. When a
delivery agent gets another one, it warns, and keeps the status that it had: the filter does nothing.

## Bad
```main.cf bad-delivery-status-in-table@1 fragment
default_delivery_status_filter = pcre:{ { /^5\\.1\\.1 / 450 try again } }
```

```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
smtp_delivery_status_filter = texthash:/etc/postfix/statuses
```
```statuses bad-delivery-status-in-table@1
5.1.1 defer
```

## Good
```main.cf fragment
default_delivery_status_filter = pcre:{ { /^5\\.1\\.1 / 4.1.1 try again } { /^5(.+)/ 4$$1 } }
```

## What Postfix says
```witness deliver
postfix/local: warning: local_delivery_status_filter: bad status code: 450 try again
```

## When it is right
Never.

## References
- postconf(5) default_delivery_status_filter
- Postfix source: global/dsn_filter.c, global/dsn_util.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding
from maillint.engine.rule import rule
from maillint.postfix.table_results import BAD_STATUS

from .._tablefiles import finding, problems

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=WARNING, area="table-files", tables=True, noted=("maillint_rules._tablefiles", BAD_STATUS))
def bad_delivery_status_in_table(config: Configuration) -> Iterator[Finding]:
    for judged in problems(config, BAD_STATUS):
        yield finding(
            judged,
            f"the filter does nothing here: `{judged.text}` begins with no status code",
            "write a code of three numbers before the text, such as `4.7.5 try again`",
        )
