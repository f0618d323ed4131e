"""A pattern that lets a domain in, and others with a name that looks like it.

## What happens
A pattern matches anywhere in the name. `/example\\.com/ OK` is also for `example.com.evil.example.net` and
`notexample.com`, names that anybody can give his client, and an unescaped `.` matches any character. Who has
such a name gets past what stands behind the table.

## Bad
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_client_restrictions = check_client_access pcre:/etc/postfix/clients,
    reject_unknown_reverse_client_hostname
```
```clients regexp-unanchored@1 regexp-unanchored@2
/example.net/ OK
/example\\.org$/ OK
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_client_restrictions = check_client_access pcre:/etc/postfix/clients,
    reject_unknown_reverse_client_hostname
```
```clients
/(^|\\.)example\\.net$/ OK
/\\.example\\.org$/ OK
/^192\\.0\\.2\\./ OK
/example.com/ REJECT
```

## When it is right
Never; but the names of clients can be claimed only by who runs the DNS for their address.

## References
- pcre_table(5), regexp_table(5), access(5)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import MEDIUM, WARNING, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix.table_results import UNANCHORED

from .._tablefiles import finding, problems
from ._behind import checks_behind

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(
    severity=WARNING,
    area="table-files",
    tables=True,
    noted=("maillint_rules._tablefiles", UNANCHORED),
    security=True,
)
def regexp_unanchored(config: Configuration) -> Iterator[Finding]:
    for judged in problems(config, UNANCHORED):
        if not any(map(checks_behind, judged.table.uses)):
            continue
        meant = judged.problem.argument
        found = finding(
            judged,
            f"`{judged.text}` matches names of others, too, which are let past what stands behind the table",
            f"write `{meant}`",
        )
        found.confidence = MEDIUM
        if judged.location.text == judged.text:
            found.fix = Fix.write(judged.location, meant, safe=False)
        yield found
