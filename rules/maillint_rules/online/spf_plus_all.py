"""The SPF record lets every host of the Internet send for the domain.

## What happens
`+all`, which a bare `all` means too, and networks of the length 0 match every sender, so that forged mail
passes SPF, and with it DMARC. Receivers know such records, and count them against the domain.

## Bad
```main.cf spf-plus-all@2 public-ip=192.0.2.1
myhostname = web01.example.com
myorigin = example.com
```

```dns.zone
example.com. 60 TXT "v=spf1 ip4:192.0.2.1 +all"
```

```main.cf spf-plus-all@2 public-ip=192.0.2.1
myhostname = web01.example.com
myorigin = example.com
```

```dns.zone
example.com. 60 TXT "v=spf1 ip4:0.0.0.0/0 -all"
```

## Good
```main.cf public-ip=192.0.2.1
myhostname = web01.example.com
myorigin = example.com
```

```dns.zone
example.com. 60 TXT "v=spf1 ip4:192.0.2.0/24 -all"
```

## When it is right
Never.

## References
- RFC 7208, sections 5.1 and 11.1
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.dns.spf_record import Mechanism
from maillint.dns.spf_tree import Node, evaluated
from maillint.engine.finding import ERROR, Finding, NotChecked
from maillint.engine.rule import rule

from ._asking import asked
from ._sender_spf import PARAMETERS, SenderSpf, judged_trees, whose

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="online", parameters=PARAMETERS, online=True, complete=True)
def spf_plus_all(config: Configuration) -> Iterator[Finding | NotChecked]:
    return judged_trees(config, _judge)


def _judge(spf: SenderSpf) -> Iterator[Finding]:
    for node, term in _passed(spf.tree):
        if _matches_all(term):
            yield spf.finding(
                f"{spf.mail}, and `{term.text}` in the SPF record {whose(spf, node)} lets every host of the"
                f" Internet send for {spf.domain}, so that forged mail passes ({asked(node.answer)})",
                mend=_mend(spf, node, term),
            )
            return


def _passed(node: Node) -> Iterator[tuple[Node, Mechanism]]:
    """The terms by which a sender may pass, in the order of evaluation."""
    if node.record is None or node.loops:
        return
    below = {branch.term.text: branch.below for branch in node.branches}
    for term in evaluated(node.record):
        if isinstance(term, Mechanism) and term.qualifier != "+":
            continue
        if isinstance(term, Mechanism):
            yield node, term
        child = below.get(term.text)
        if child is not None:
            yield from _passed(child)


def _matches_all(term: Mechanism) -> bool:
    if term.network is not None:
        return term.network.prefixlen == 0
    return term.name == "all" or (term.name in ("a", "mx") and 0 in (term.prefix4, term.prefix6))


def _mend(spf: SenderSpf, node: Node, term: Mechanism) -> str:
    if node is not spf.tree:
        return f"take what leads to {node.domain} out of the record of {spf.domain}, and tell its owner"
    if term.name == "all":
        return f"write `~all` for `{term.text}`, and name before it whatever sends mail of {spf.domain}"
    return f"take `{term.text}` out of the record"
