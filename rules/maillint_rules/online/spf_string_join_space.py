"""Two strings of the SPF record are joined without a blank, and two terms become one.

## What happens
A TXT record consists of strings of at most 255 octets. Receivers join them as they are (RFC 7208, 3.3):
`"ip4:192.0.2.1" "include:_spf.example.net"` is the one term `ip4:192.0.2.1include:_spf.example.net`. The
record is then malformed, or means something else.

## Bad
```main.cf spf-string-join-space@2 public-ip=192.0.2.1
myhostname = web01.example.com
myorigin = example.com
```

```dns.zone
example.com. 60 TXT "v=spf1 ip4:192.0.2.1" "ip4:192.0.2.2 -all"
```

```main.cf spf-string-join-space@2 public-ip=192.0.2.1
myhostname = web01.example.com
myorigin = example.com
```

```dns.zone
example.com. 60 TXT "v=spf1 ip4:192.0.2.1 include:_spf.example.net" "-all"
_spf.example.net. 60 TXT "v=spf1 ip4:192.0.2.2 -all"
```

## Good
```main.cf public-ip=192.0.2.1
myhostname = web01.example.com
myorigin = example.com
```

```dns.zone
example.com. 60 TXT "v=spf1 ip4:192.0.2.1 " "ip4:192.0.2.2 -all"
```

```main.cf public-ip=192.0.2.1
myhostname = web01.example.com
myorigin = example.com
```

```dns.zone
example.com. 60 TXT "v=spf1 ip4:192.0.2.1 ip4:198.51." "100.1 -all"
```

## When it is right
Never. A string may end in the middle of a term.

## References
- RFC 7208, section 3.3
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.dns.spf_strings import fused
from maillint.engine.finding import ERROR, Finding, NotChecked
from maillint.engine.rule import rule

from ._asking import asked
from ._sender_spf import PARAMETERS, SenderSpf, judged_trees, weighed, whose

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="online", parameters=PARAMETERS, online=True, complete=True)
def spf_string_join_space(config: Configuration) -> Iterator[Finding | NotChecked]:
    return judged_trees(config, _judge)


def _judge(spf: SenderSpf) -> Iterator[Finding]:
    for node in spf.tree.nodes():
        for found in fused(node.answer)[:1]:
            yield spf.finding(
                f"{spf.mail}, and two strings of the SPF record {whose(spf, node)} meet without a blank, so"
                " that"
                f" receivers read `{found.term}` for `{found.left} {found.right}` ({asked(node.answer)})",
                mend=f"end the string before `{found.right}` with a blank:"
                f' `"... {found.left} " "{found.right} ..."`',
                severity=weighed(spf, ERROR),
            )
