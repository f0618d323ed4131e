"""The SPF record asks for the names of the sender's address (`ptr`).

## What happens
`ptr` makes every receiver look up the sender's address backwards, and each of its names forwards again. That
is slow and unreliable, so RFC 7208 (5.5) says that it should not be published; some receivers skip it, or
treat the record as broken.

## Bad
```main.cf spf-ptr@2 public-ip=192.0.2.1
myhostname = web01.example.com
myorigin = example.com
```

```dns.zone
example.com. 60 TXT "v=spf1 ip4:192.0.2.1 ptr -all"
```

## Good
```main.cf public-ip=192.0.2.1
myhostname = web01.example.com
myorigin = example.com
```

```dns.zone
example.com. 60 TXT "v=spf1 ip4:192.0.2.1 -all"
```

## When it is right
Hardly ever: where hosts whose addresses nobody knows send for the domain.

## References
- RFC 7208, section 5.5
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding, NotChecked
from maillint.engine.rule import rule

from ._asking import asked
from ._sender_spf import PARAMETERS, SenderSpf, judged_trees, whose

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=WARNING, area="online", parameters=PARAMETERS, online=True, complete=True)
def spf_ptr(config: Configuration) -> Iterator[Finding | NotChecked]:
    return judged_trees(config, _judge)


def _judge(spf: SenderSpf) -> Iterator[Finding]:
    for node in spf.tree.nodes():
        is_own = node.domain == spf.domain or node.domain.endswith(f".{spf.domain}")
        for branch in node.branches:
            if is_own and branch.term.name == "ptr":
                yield spf.finding(
                    f"{spf.mail}, and `{branch.term.text}` in the SPF record {whose(spf, node)} should not be"
                    f" used: it is slow and unreliable, and some receivers skip it ({asked(node.answer)})",
                    mend=f"name the addresses of the servers (`ip4:`, `ip6:`), not `{branch.term.text}`",
                )
                return
