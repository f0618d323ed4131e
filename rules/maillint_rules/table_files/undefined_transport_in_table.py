"""A table names a transport that master.cf does not have.

## What happens
The word before the first colon, or all of a value without one, is the name of an entry of master.cf. Mail
for a transport that is not there stays in the queue: qmgr warns, `connect to transport private/...: No such
file or directory`, and gives up after some days. A next hop alone is written with a colon before it. So it is
with the action `FILTER` in access tables and header checks, which names a transport, too.

## Bad
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
transport_maps = texthash:/etc/postfix/transport
```
```transport undefined-transport-in-table@1 undefined-transport-in-table@2
example.com archive:
example.net [mail.example.net]
```
```master.cf
smtp inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
local unix - n n - - local
tlsmgr unix - - n 1000? 1 tlsmgr
```

### A filter
```main.cf undefined-transport-in-table@4
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
header_checks = regexp:{{/^X-Scan:/ FILTER scan:[127.0.0.1]:10025}}
smtpd_client_restrictions = check_client_access texthash:/etc/postfix/clients
```
```clients undefined-transport-in-table@1
127.0.0.1 FILTER scan:[127.0.0.1]:10025
```
```master.cf
smtp inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
transport_maps = texthash:/etc/postfix/transport
```
```transport
example.com discard:
example.net :[mail.example.net]
```
```master.cf
smtp inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
local unix - n n - - local
tlsmgr unix - - n 1000? 1 tlsmgr
```

## What Postfix says
```witness deliver user@example.com
postfix/qmgr: warning: connect to transport private/archive: No such file or directory
```
```witness deliver bad=2 user@mail.example.com
postfix/qmgr: warning: connect to transport private/scan: No such file or directory
```

## When it is right
When another program adds the entry to master.cf.

## References
- transport(5), access(5), header_checks(5), master(5)
- Postfix source: trivial-rewrite/transport.c, qmgr/qmgr_transport.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule
from maillint.postfix.table_results import UNKNOWN_TRANSPORT

from .._tablefiles import finding, problems

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(
    severity=ERROR,
    area="table-files",
    tables=True,
    noted=("maillint_rules._tablefiles", UNKNOWN_TRANSPORT),
)
def undefined_transport_in_table(config: Configuration) -> Iterator[Finding]:
    for judged in problems(config, UNKNOWN_TRANSPORT):
        name = judged.problem.argument
        is_host = name.startswith("[") or "." in name
        yield finding(
            judged,
            f"mail that goes this way stays in the queue: master.cf has no transport `{name}`",
            f"write `smtp:{name}`, if that is the next hop" if is_host else f"add `{name}` to master.cf",
        )
