"""The SPF record says nothing of hosts that it does not name.

## What happens
Without `all` or `redirect=` at its end, and with `?all`, the result for every other host is `neutral`, which
counts as if there were no record (RFC 7208, 4.7 and 8.2). Forged mail is not told from real mail, and a
record that protects nothing is no reason for a receiver to trust the domain.

## Bad
```main.cf spf-no-all@2 public-ip=192.0.2.1
myhostname = web01.example.com
myorigin = example.com
```

```dns.zone
example.com. 60 TXT "v=spf1 ip4:192.0.2.1"
```

```main.cf spf-no-all@2 public-ip=192.0.2.1
myhostname = web01.example.com
myorigin = example.com
```

```dns.zone
example.com. 60 TXT "v=spf1 ip4:192.0.2.1 ?all"
```

## Good
```main.cf public-ip=192.0.2.1
myhostname = web01.example.com
myorigin = example.com
```

```dns.zone
example.com. 60 TXT "v=spf1 ip4:192.0.2.1 ~all"
```

```main.cf public-ip=192.0.2.1
myhostname = web01.example.com
myorigin = example.com
```

```dns.zone
example.com. 60 TXT "v=spf1 redirect=_spf.example.com"
_spf.example.com. 60 TXT "v=spf1 ip4:192.0.2.1 -all"
```

## When it is right
For the days in which a record is being tried.

## References
- RFC 7208, sections 4.7, 5.1 and 8.2
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.dns.spf_strings import fused
from maillint.engine.finding import WARNING, Finding, NotChecked
from maillint.engine.rule import rule

from ._asking import asked
from ._sender_spf import PARAMETERS, SenderSpf, judged_trees, record_lines, whose

if TYPE_CHECKING:
    from maillint.dns.spf_record import Mechanism
    from maillint.dns.spf_tree import Node
    from maillint.postfix.configuration import Configuration


@rule(severity=WARNING, area="online", parameters=PARAMETERS, online=True, complete=True)
def spf_no_all(config: Configuration) -> Iterator[Finding | NotChecked]:
    return judged_trees(config, _judge)


def _judge(spf: SenderSpf) -> Iterator[Finding]:
    node = _last(spf.tree)
    if node is None or node.record is None or node.loops or node.record.problems or fused(node.answer):
        return
    end = next((term for term in node.record.mechanisms if term.name == "all"), None)
    if end is not None and end.qualifier != "?":
        return
    why = f"ends with `{end.text}`" if end is not None else "ends without `all`"
    yield spf.finding(
        f"{spf.mail}, and the SPF record {whose(spf, node)} {why}: for every host that it does not name the"
        f" result is neutral, as if there were no record ({asked(node.answer)})",
        mend="publish instead:\n" + record_lines(node.domain, _closed(node.record.text, end)),
    )


def _last(node: Node) -> Node | None:
    """The record that decides when nothing matches, behind all ``redirect=``; None: it is not known."""
    for branch in node.branches:
        if branch.term.name == "redirect":
            return _last(branch.below) if branch.below is not None else None
    return node


def _closed(text: str, end: Mechanism | None) -> str:
    if end is None:
        return f"{text.rstrip()} ~all"
    return f"{text[: end.start]}~all{text[end.start + len(end.text) :]}"
