"""An action of an access table that is left out in the list that it is used in.

## What happens
`FILTER`, `HOLD`, `REDIRECT`, `BCC`, `DISCARD` and `PREPEND` are about a message. `smtpd` leaves them out,
with a warning, where there is none yet or no more: in client and HELO restrictions with `smtpd_delay_reject
= no`, in `smtpd_etrn_restrictions`, with `smtpd_proxy_filter`; and `PREPEND` in
`smtpd_end_of_data_restrictions`.

## Bad
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
# maillint: ignore[delay-reject-off] to keep the load down
smtpd_delay_reject = no
smtpd_client_restrictions = check_client_access texthash:/etc/postfix/clients
```
```clients skipped-table-action@1
127.0.0.1 HOLD
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
smtpd_client_restrictions = check_client_access texthash:/etc/postfix/clients
```
```clients
127.0.0.1 HOLD
```

## What Postfix says
```witness rcpt
postfix/smtpd: warning: access table ...: with smtpd_delay_reject=no, action HOLD is always skipped...
```

## When it is right
When the same table is used in another list too, where the action does act.

## References
- access(5), postconf(5) smtpd_delay_reject
- Postfix source: smtpd/smtpd_check.c (can_delegate_action, not_in_client_helo)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding
from maillint.engine.rule import rule
from maillint.postfix.table_results import SKIPPED_ACTION

from .._tablefiles import finding, problems

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=WARNING, area="table-files", tables=True, noted=("maillint_rules._tablefiles", SKIPPED_ACTION))
def skipped_table_action(config: Configuration) -> Iterator[Finding]:
    for judged in problems(config, SKIPPED_ACTION):
        action = judged.problem.argument
        yield finding(
            judged,
            f"`smtpd` leaves `{action}` out: {judged.problem.said}",
            f"use the table in a list of another stage, or write another action than `{action}`",
        )
