"""A table sends mail to a next hop that cannot be read.

## What happens
`smtp` and `lmtp` end with a fatal error when they come to such a next hop. The mail stays in the queue, and
each try costs another process. A next hop is a domain or `[host]`, and may have `:port` behind it.

## Bad
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
transport_maps = texthash:/etc/postfix/transport
```
```transport bad-nexthop-in-table@1 bad-nexthop-in-table@2
example.com smtp:[mail.example.net
example.net smtp:[mail.example.net]:0
```

```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
sender_dependent_relayhost_maps = texthash:/etc/postfix/relays
```
```relays bad-nexthop-in-table@1
@example.com smtp:[mail.example.net]:587
```

```main.cf bad-nexthop-in-table@1 fragment
transport_maps = inline:{ { example.com = smtp:[mail.example.net } }
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
transport_maps = texthash:/etc/postfix/transport
```
```transport
example.com smtp:[mail.example.net]:587
example.net :
example.org lmtp:unix:private/lmtp
.example.org error:no mail here
```

```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
sender_dependent_relayhost_maps = texthash:/etc/postfix/relays
```
```relays
@example.com [mail.example.net]:587
@example.org DUNNO
```

## What Postfix says
```witness deliver user@example.com
postfix/smtp: fatal: missing "]" in server description: [mail.example.net
```

```witness deliver user@example.com bad=3
postfix/smtp: fatal: missing "]" in server description: [mail.example.net
```

## When it is right
Never.

## References
- transport(5), postconf(5) sender_dependent_relayhost_maps
- Postfix source: smtp/smtp_connect.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule
from maillint.postfix.table_results import BAD_NEXTHOP

from .._tablefiles import finding, problems

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="table-files", tables=True, noted=("maillint_rules._tablefiles", BAD_NEXTHOP))
def bad_nexthop_in_table(config: Configuration) -> Iterator[Finding]:
    for judged in problems(config, BAD_NEXTHOP):
        yield finding(
            judged,
            f"mail that goes this way stays in the queue: {judged.problem.said}",
            "write a next hop, such as `[mail.example.com]` or `[mail.example.com]:587`",
        )
