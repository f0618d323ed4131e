"""The result of an access table leads back to the restriction class that asks the table.

## What happens
The class looks into the table, whose entry names the class, which looks into the table. After 100 rounds,
`smtpd` gives up and answers `451 4.3.5 Server configuration error` to whoever the entry is about.

## Bad
```main.cf circular-access-result@2 fragment
smtpd_restriction_classes = partners
partners = check_client_access inline:{ { 127.0.0.1 = partners } }
smtpd_client_restrictions = partners
```

```main.cf circular-access-result@3 fragment
smtpd_restriction_classes = partners, known
partners = known, reject
known = check_client_access inline:{ { 127.0.0.1 = partners } }
smtpd_client_restrictions = partners
```

## Good
```main.cf fragment
smtpd_restriction_classes = partners
partners = check_sender_access inline:{ { client.example.net = OK } }, reject
smtpd_client_restrictions = check_client_access inline:{ { 127.0.0.1 = partners } }
```

## What Postfix says
```witness rcpt
postfix/smtpd: warning: access table inline:... entry partners causes unreasonable recursion
451 4.3.5 Server configuration error
```

```witness rcpt bad=2
postfix/smtpd: warning: access table inline:... entry partners causes unreasonable recursion
451 4.3.5 Server configuration error
```

## When it is right
Never.

## References
- RESTRICTION_CLASS_README
- Postfix source: smtpd/smtpd_check.c (check_table_result)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule
from maillint.postfix.table_results import LEADS_BACK

from .._tablefiles import finding, problems

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="table-files", tables=True, noted=("maillint_rules._tablefiles", LEADS_BACK))
def circular_access_result(config: Configuration) -> Iterator[Finding]:
    for judged in problems(config, LEADS_BACK):
        yield finding(
            judged,
            "`smtpd` answers `451 4.3.5 Server configuration error` to whoever this entry is about: the class"
            f" `{judged.problem.argument}` asks this very table again, without end",
            "write an action, or the name of another class",
        )
