"""A pattern that matches everything, with a result that is meant for few.

## What happens
`/.*/ OK` in an access table ends the list for every client: what stands behind the table is never asked. In
virtual_alias_maps, such a pattern is compared with each recipient of each message, those at other hosts
included, so that all mail, also what leaves the host, goes to the one address.

## Bad
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_client_restrictions = check_client_access pcre:/etc/postfix/clients,
    reject_unknown_reverse_client_hostname
```
```clients regexp-catch-all-permit@2
/\\.dynamic\\.example\\.net$/ REJECT
/.*/ OK
```

```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
virtual_alias_domains = example.net
virtual_alias_maps = regexp:/etc/postfix/virtual
```
```virtual regexp-catch-all-permit@1
/.*/ info@example.com
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_client_restrictions = check_client_access pcre:/etc/postfix/clients,
    reject_unknown_reverse_client_hostname
virtual_alias_domains = example.net
virtual_alias_maps = regexp:/etc/postfix/virtual
```
```clients
/\\.dynamic\\.example\\.net$/ REJECT
/.*/ DUNNO
```
```virtual
/@example\\.net$/ info@example.com
```

### Nothing stands behind it
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_client_restrictions = check_client_access pcre:/etc/postfix/clients
```
```clients
/\\.dynamic\\.example\\.net$/ REJECT
/.*/ OK
```

## When it is right
On a host that is to catch all mail of programs under test.

## References
- access(5), virtual(5), pcre_table(5)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import MEDIUM, WARNING, Finding
from maillint.engine.rule import rule
from maillint.postfix.table_results import CATCH_ALL

from .._tablefiles import finding, problems
from .._tables import ACCESS
from ._behind import checks_behind

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=WARNING, area="table-files", tables=True, noted=("maillint_rules._tablefiles", CATCH_ALL))
def regexp_catch_all_permit(config: Configuration) -> Iterator[Finding]:
    for judged in problems(config, CATCH_ALL):
        uses = judged.table.uses
        access = [use for use in uses if use.use == ACCESS]
        if access:
            if not any(map(checks_behind, access)):
                continue
            found = finding(
                judged,
                f"`{judged.text}` matches every client: what stands behind the table is never asked",
                "write `DUNNO`, or a pattern for those who may pass",
            )
        else:
            found = finding(
                judged,
                f"`{judged.text}` matches the recipients of all mail, of that which leaves the host, too",
                "write a pattern with the domain, such as `/@example\\.com$/`",
            )
        found.confidence = MEDIUM
        yield found
