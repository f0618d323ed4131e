"""The result of an access table names another table.

## What happens
`smtpd` opens its tables when it starts, so it cannot look into one that only turns up in a result. It logs
`access table ... has entry with lookup table` and answers `451 4.3.5 Server configuration error`. Any colon
counts, also one in a text that was to be the reason of a rejection.

## Bad
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
smtpd_client_restrictions = check_client_access texthash:/etc/postfix/clients
```
```clients table-in-access-result@1
127.0.0.1 check_sender_access hash:/etc/postfix/senders
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
smtpd_restriction_classes = known_senders
known_senders = check_sender_access hash:/etc/mail/senders
smtpd_client_restrictions = check_client_access texthash:/etc/postfix/clients
```
```clients
127.0.0.1 known_senders
192.0.2.7 REJECT see: our policy
```

## What Postfix says
```witness rcpt
postfix/smtpd: warning: access table ... has entry with lookup table: check_sender_access ...
451 4.3.5 Server configuration error
```

## When it is right
Never.

## References
- access(5), RESTRICTION_CLASS_README
- Postfix source: smtpd/smtpd_check.c (check_table_result)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule
from maillint.postfix.table_results import TABLE_IN_RESULT

from .._tablefiles import finding, problems

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="table-files", tables=True, noted=("maillint_rules._tablefiles", TABLE_IN_RESULT))
def table_in_access_result(config: Configuration) -> Iterator[Finding]:
    for judged in problems(config, TABLE_IN_RESULT):
        yield finding(
            judged,
            "`smtpd` answers `451 4.3.5 Server configuration error` to whoever this entry is about: what"
            " stands behind a key must not name a table, and the colon makes it one",
            "declare a class in `smtpd_restriction_classes` and write its name; write `REJECT` before a text",
        )
