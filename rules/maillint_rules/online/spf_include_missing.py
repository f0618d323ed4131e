"""An SPF record includes a domain that has none.

## What happens
`include:` and `redirect=` of a domain without an SPF record make the result `permerror` (RFC 7208, 5.2 and
6.1) for every sender that no term before it matches. It happens when a provider is left and its domain is
given up, or when the name is misspelt.

## Bad
```main.cf spf-include-missing@2 public-ip=192.0.2.1
myhostname = web01.example.com
myorigin = example.com
```

```dns.zone
example.com. 60 TXT "v=spf1 include:_spf.example.net ip4:192.0.2.1 -all"
```

## Good
```main.cf public-ip=192.0.2.1
myhostname = web01.example.com
myorigin = example.com
```

```dns.zone
example.com. 60 TXT "v=spf1 include:_spf.example.net ip4:192.0.2.1 -all"
_spf.example.net. 60 TXT "v=spf1 ip4:198.51.100.0/24 -all"
```

## When it is right
Never.

## References
- RFC 7208, sections 5.2 and 6.1
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.dns.spf_strings import fused
from maillint.engine.finding import ERROR, Finding, NotChecked
from maillint.engine.rule import rule

from ._asking import asked
from ._sender_spf import PARAMETERS, SenderSpf, judged_trees, weighed, whose_parent

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="online", parameters=PARAMETERS, online=True, complete=True)
def spf_include_missing(config: Configuration) -> Iterator[Finding | NotChecked]:
    return judged_trees(config, _judge)


def _judge(spf: SenderSpf) -> Iterator[Finding]:
    torn: set[str] = set()
    for node in spf.tree.nodes():
        torn.update(found.term for found in fused(node.answer))
        if node is spf.tree or not node.answer.certain or node.selection.records or node.via in torn:
            continue
        near = next((f"; it has `{miss.text}`, but {miss.reason}" for miss in node.selection.near_misses), "")
        yield spf.finding(
            f"{spf.mail}, and `{node.via}` in the SPF record {whose_parent(spf, node)} leads to a domain"
            " without one"
            f" ({asked(node.answer)}{near}): every receiver that comes to it takes that for a permanent"
            " error",
            mend=f"take `{node.via}` out of the record, or write the name that its owner gives",
            severity=weighed(spf, ERROR),
        )
