"""A TLS policy that smtp cannot read.

## What happens
A policy is a security level and attributes `name=value`. When `smtp` comes to one that it cannot read, it
warns and defers the mail for that destination, until it goes back to its sender.

## Bad
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
smtp_tls_policy_maps = texthash:/etc/postfix/tls_policy
```
```tls_policy tls-policy-map-syntax@1 tls-policy-map-syntax@2 tls-policy-map-syntax@3
example.com must
example.net encrypt protocol=TLSv1.2
example.org may match=nexthop
```

```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
relayhost = [127.0.0.1]:10587
smtp_tls_policy_maps = texthash:/etc/postfix/tls_policy
```
```tls_policy tls-policy-map-syntax@1
[127.0.0.1]:10587 must
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
smtp_tls_policy_maps = texthash:/etc/postfix/tls_policy
smtp_tls_CAfile = /etc/ssl/certs/ca-certificates.crt
```
```tls_policy
example.com encrypt
example.net encrypt protocols=>=TLSv1.2
example.org secure match=nexthop:dot-nexthop
```

## What Postfix says
```witness deliver user@example.com bad=2
postfix/smtp: warning: smtp_tls_policy_maps, next-hop destination "...": invalid security level "must"
```

## When it is right
Never.

## References
- postconf(5) smtp_tls_policy_maps, TLS_README
- Postfix source: smtp/smtp_tls_policy.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule
from maillint.postfix.table_results import BAD_POLICY

from .._tablefiles import finding, problems

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="table-files", tables=True, noted=("maillint_rules._tablefiles", BAD_POLICY))
def tls_policy_map_syntax(config: Configuration) -> Iterator[Finding]:
    for judged in problems(config, BAD_POLICY):
        yield finding(
            judged,
            f"mail for this destination is put off: {judged.problem.said}",
            "write a level, such as `encrypt` or `secure`, and attributes `name=value` that it has",
        )
