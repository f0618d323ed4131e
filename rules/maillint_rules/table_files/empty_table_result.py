"""A key of a table with an empty value.

## What happens
Postfix takes an empty result for a mistake in the table: the look-up fails with a warning, as if the table
were out of order. Clients are answered `451`, mail stays in the queue. Where only the presence of a key
counts, it needs a value nevertheless.

In an access table, a value of nothing but commas counts as `OK`, with a warning.

## Bad
```main.cf empty-table-result@2 fragment
virtual_mailbox_domains = example.com
virtual_mailbox_maps = inline:{ anna@example.com=anna/, { bert@example.com = } }
```

```main.cf empty-table-result@1 fragment
smtpd_helo_restrictions = check_helo_access inline:{ { client.example.net = } }
```

```main.cf empty-table-result@1 fragment
smtpd_client_restrictions = check_client_access cidr:{ { 127.0.0.0/8 , } }
```

## Good
```main.cf fragment
virtual_mailbox_domains = example.com
virtual_mailbox_maps = inline:{ anna@example.com=anna/, bert@example.com=bert/ }
smtpd_helo_restrictions = check_helo_access inline:{ { client.example.net = DUNNO } }
smtpd_client_restrictions = check_client_access cidr:{ { 127.0.0.0/8 OK } }
```

## What Postfix says
```witness rcpt bert@example.com
postfix/smtpd: warning: virtual_mailbox_maps lookup of bert@example.com returns an empty string result
451 4.3.5 Server configuration error
```

```witness rcpt bad=2
postfix/smtpd: warning: inline:... lookup of client.example.net returns an empty string result
451 4.3.5 <client.example.net>: Helo command rejected: Server configuration error
```

```witness rcpt bad=3
postfix/smtpd: warning: access table cidr:... entry , has empty value
```

## When it is right
Never.

## References
- Postfix source: global/maps.c; smtpd/smtpd_check.c (check_table_result)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, WARNING, Finding
from maillint.engine.rule import rule
from maillint.postfix.table_results import EMPTY_RESULT

from .._tablefiles import finding, problems
from .._tables import ACCESS, MAPS

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="table-files", tables=True, noted=("maillint_rules._tablefiles", EMPTY_RESULT))
def empty_table_result(config: Configuration) -> Iterator[Finding]:
    for judged in problems(config, EMPTY_RESULT):
        use = judged.table.uses[0].use
        if judged.found.results is not None:
            yield finding(
                judged,
                "`smtpd` takes an empty result for `OK`, with a warning",
                "write `OK`, if that is meant, or `DUNNO`",
                WARNING,
            )
        elif use in (MAPS, ACCESS):
            yield finding(
                judged,
                f"each look-up of `{judged.found.key}` fails because its value is empty:"
                " clients are answered `451`, and mail stays in the queue",
                "write a value" if use == MAPS else "write an action, such as `DUNNO` or `OK`",
            )
