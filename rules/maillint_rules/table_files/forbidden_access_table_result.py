r"""A table permits what it must not permit.

## What happens
What `check_client_ns_access`, `check_sender_mx_access` and their kin look up comes from the DNS of
strangers, as does the name that `check_reverse_client_hostname_access` sees. When the table says `OK`,
`RELAY` or a number, `smtpd` logs `this is not allowed for security reasons` and answers `451 4.3.5 Server
configuration error`.

## Bad
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
smtpd_client_restrictions = check_reverse_client_hostname_access pcre:/etc/postfix/names
```
```names forbidden-access-table-result@1
/^unknown$/ OK
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
smtpd_client_restrictions = check_reverse_client_hostname_access pcre:/etc/postfix/names
```
```names
/^unknown$/ DUNNO
/\.example\.net$/ REJECT
```

## What Postfix says
```witness rcpt
postfix/smtpd: warning: restriction check_reverse_client_hostname_access returns OK for unknown
451 4.3.5 Server configuration error
```

## When it is right
Never.

## References
- postconf(5) check_sender_mx_access
- Postfix source: smtpd/smtpd_check.c (forbid_allowlist)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule
from maillint.postfix.table_results import FORBIDDEN_PERMIT, Access

from .._tablefiles import finding, problems

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="table-files", tables=True, noted=("maillint_rules._tablefiles", FORBIDDEN_PERMIT))
def forbidden_access_table_result(config: Configuration) -> Iterator[Finding]:
    for judged in problems(config, FORBIDDEN_PERMIT):
        results = judged.found.results
        assert isinstance(results, Access)
        yield finding(
            judged,
            "`smtpd` answers `451 4.3.5 Server configuration error` to whoever this entry is about: what"
            f" `{results.restriction}` looks up is in the hands of strangers, so it must not permit",
            f"write `DUNNO` instead of `{judged.problem.argument}`",
        )
