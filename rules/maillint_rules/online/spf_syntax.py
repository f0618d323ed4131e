"""The SPF record of a domain that mail leaves with, or one that it includes, is malformed.

## What happens
A receiver reads the whole record before it looks at a single term. One that it does not understand makes the
result `permerror` for every sender (RFC 7208, 4.6): SPF passes for no server of the domain. The same holds
for each record that is included, as far as evaluation gets to it.

Common slips are `ipv4:` and `ip:` for `ip4:`, a blank behind a colon, an address with a prefix length that is
none, and quotation marks or dashes that a word processor has made.

## Bad
```main.cf spf-syntax@2 public-ip=192.0.2.1
myhostname = web01.example.com
myorigin = example.com
```

```dns.zone
example.com. 60 TXT "v=spf1 ipv4:192.0.2.1 -all"
```

### The fault may be in an included record
```main.cf spf-syntax@2 public-ip=192.0.2.1
myhostname = web01.example.com
myorigin = example.com
```

```dns.zone
example.com. 60 TXT "v=spf1 include:_spf.example.com -all"
_spf.example.com. 60 TXT "v=spf1 ip4:192.0.2.1/33 -all"
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
Never. A modifier that nobody knows, such as `note=since-2020`, is no error.

## References
- RFC 7208, sections 4.6, 4.6.1 and 12
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.dns.spf_strings import fused
from maillint.engine.finding import ERROR, Finding, NotChecked
from maillint.engine.rule import rule

from ._asking import asked
from ._sender_spf import PARAMETERS, SenderSpf, judged_trees, term_at, weighed, whose

if TYPE_CHECKING:
    from maillint.dns.spf_tree import Node
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="online", parameters=PARAMETERS, online=True, complete=True)
def spf_syntax(config: Configuration) -> Iterator[Finding | NotChecked]:
    return judged_trees(config, _judge)


def _judge(spf: SenderSpf) -> Iterator[Finding]:
    for node in spf.tree.nodes():
        torn = [found.term for found in fused(node.answer)]
        if node.record is None or node.loops:
            continue
        for problem in node.record.problems:
            term = term_at(node.record.text, problem.start)
            if term not in torn:
                yield spf.finding(
                    f"{spf.mail}, and the SPF record {whose(spf, node)} is malformed at column"
                    f" {problem.start + 1}, `{term}`: {problem.message}; every receiver takes that for a"
                    f" permanent error ({asked(node.answer)}), so SPF passes for no server of the domain",
                    mend=_mend(spf, node, term),
                    severity=weighed(spf, ERROR),
                )
                break


def _mend(spf: SenderSpf, node: Node, term: str) -> str:
    if node is spf.tree:
        return f"correct the term `{term}` in the TXT record of {spf.domain}: `{spf.text}`"
    return (
        f"correct the term `{term}` in the TXT record of {node.domain}, or take `{node.via}` out of that of"
        f" {node.path[-2]}"
    )
