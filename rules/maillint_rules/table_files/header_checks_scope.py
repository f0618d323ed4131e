"""All `Received:` headers are taken out of all mail.

## What happens
`header_checks` are for every message that comes in, also what other servers send. Postfix, as each mail
server, counts `Received:` headers to find loops (`hopcount_limit`): a message that goes in a circle between
this host and another one then never stops. Who looks for the source of spam, or for what took so long,
finds nothing.

## Bad
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
header_checks = regexp:/etc/postfix/headers
```
```headers header-checks-scope@1
/^Received:/ IGNORE
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
header_checks = regexp:/etc/postfix/headers
```
```headers
/^Received: from .*\\(Authenticated sender:/ IGNORE
```

## When it is right
On a host that takes mail from its own users alone; or in a cleanup(8) service of its own for them, which the
rule leaves alone.

## References
- header_checks(5); postconf(5) header_checks, hopcount_limit
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, MEDIUM, Finding
from maillint.engine.rule import rule
from maillint.postfix.table_results import STRIPS_RECEIVED

from .._tablefiles import finding, problems

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_FOR_ALL = "header_checks"


@rule(severity=INFO, area="table-files", tables=True, noted=("maillint_rules._tablefiles", STRIPS_RECEIVED))
def header_checks_scope(config: Configuration) -> Iterator[Finding]:
    for judged in problems(config, STRIPS_RECEIVED):
        if any(use.parameter == _FOR_ALL and use.view.service is None for use in judged.table.uses):
            found = finding(
                judged,
                "all `Received:` headers are taken out of all mail: loops are not found, and nobody sees"
                " where mail came from",
                "let the pattern match only the header that is to be hidden, or give the service for users"
                " a cleanup service of its own",
            )
            found.confidence = MEDIUM
            yield found
