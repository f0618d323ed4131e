"""An SPF record costs more than ten DNS lookups.

## What happens
Receivers stop at the eleventh term that causes a lookup (`include`, `a`, `mx`, `ptr`, `exists`, `redirect`,
those of included records counted) and at the eleventh server of one `mx`, and take the record for a
permanent error (RFC 7208, 4.6.4). Senders that an earlier term matches pass; all others fail, and which
these are changes whenever a provider changes its record. A record that includes itself never ends.

The figure is that of the worst case, in which no term matches before the last one.

## Bad
```main.cf spf-too-many-lookups@2 public-ip=192.0.2.1
myhostname = web01.example.com
myorigin = example.com
```

```dns.zone
example.com. 60 TXT "v=spf1 ip4:192.0.2.1 include:a.example.net include:b.example.net -all"
a.example.net. 60 TXT ( "v=spf1 exists:%{i}.a1.net exists:%{i}.a2.net exists:%{i}.a3.net"
    " exists:%{i}.a4.net exists:%{i}.a5.net -all" )
b.example.net. 60 TXT ( "v=spf1 exists:%{i}.b1.net exists:%{i}.b2.net exists:%{i}.b3.net"
    " exists:%{i}.b4.net exists:%{i}.b5.net -all" )
```

### A loop
```main.cf spf-too-many-lookups@2 public-ip=192.0.2.1
myhostname = web01.example.com
myorigin = example.com
```

```dns.zone
example.com. 60 TXT "v=spf1 ip4:192.0.2.1 include:_spf.example.com -all"
_spf.example.com. 60 TXT "v=spf1 include:example.com -all"
```

## Good
```main.cf public-ip=192.0.2.1
myhostname = web01.example.com
myorigin = example.com
```

```dns.zone
example.com. 60 TXT "v=spf1 ip4:192.0.2.1 include:a.example.net -all"
a.example.net. 60 TXT "v=spf1 exists:%{i}.list.example.net ip4:198.51.100.0/24 -all"
```

## When it is right
Never: what passes today may fail tomorrow.

## References
- RFC 7208, section 4.6.4
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.dns.spf_tree import LOOKUP_LIMIT, NAME_LIMIT, Branch, Node, crowded
from maillint.engine.finding import ERROR, Finding, NotChecked
from maillint.engine.rule import rule

from ._asking import lookup
from ._sender_spf import PARAMETERS, SenderSpf, judged_trees, weighed, whose

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="online", parameters=PARAMETERS, online=True, complete=True)
def spf_too_many_lookups(config: Configuration) -> Iterator[Finding | NotChecked]:
    return judged_trees(config, _judge)


def _judge(spf: SenderSpf) -> Iterator[Finding]:
    dns = lookup(spf.config)
    loop = next((node for node in spf.tree.nodes() if node.loops), None)
    if loop is not None:
        yield _finding(
            spf,
            f"the SPF record {whose(spf, loop)} includes itself ({' -> '.join(loop.path)}), so that it never"
            " ends",
            f"take `{loop.via}` out of the record of {loop.path[-2]}",
        )
    elif spf.tree.lookups > LOOKUP_LIMIT:
        costs = ", ".join(f"`{branch.term.text}` {branch.lookups}" for branch in _by_cost(spf.tree))
        yield _finding(
            spf,
            f"its SPF record costs {spf.tree.lookups} lookups where {LOOKUP_LIMIT} are allowed ({costs})",
            "take out what sends no mail of the domain any more, write addresses (`ip4:`, `ip6:`), which cost"
            f" nothing, for `a` and `mx`, or let a sub-domain of its own send part of the mail: `{spf.text}`",
        )
    for node, branch, count in crowded(dns, spf.tree):
        yield _finding(
            spf,
            f"`{branch.term.text}` in the SPF record {whose(spf, node)} stands for {count} mail servers where"
            f" {NAME_LIMIT} are allowed",
            f"write the addresses of the servers that send (`ip4:`, `ip6:`) for `{branch.term.text}`",
        )


def _by_cost(tree: Node) -> list[Branch]:
    return sorted(tree.branches, key=lambda branch: -branch.lookups)


def _finding(spf: SenderSpf, defect: str, mend: str) -> Finding:
    return spf.finding(
        f"{spf.mail}, and {defect}: receivers take that for a permanent error for every sender that no"
        " earlier term matches",
        mend=mend,
        severity=weighed(spf, ERROR),
    )
