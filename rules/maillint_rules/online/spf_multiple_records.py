"""The domain that mail from programs carries has more than one SPF record.

## What happens
A domain has one SPF record. With two, the result is `permerror` for every sender (RFC 7208 4.5), whatever
the records say: SPF passes for no server of the domain. It happens when a second service tells its
customers to "add this record", and it is added beside the first one instead of merged into it.

## Bad
```main.cf spf-multiple-records@2
myhostname = web01.example.com
myorigin = example.com
```

```dns.zone
example.com. 60 TXT "v=spf1 ip4:192.0.2.1 -all"
example.com. 60 TXT "v=spf1 include:_spf.example.net ~all"
```

### The fault may be in an included record
```main.cf spf-multiple-records@2 public-ip=192.0.2.1
myhostname = web01.example.com
myorigin = example.com
```

```dns.zone
example.com. 60 TXT "v=spf1 include:_spf.example.net -all"
_spf.example.net. 60 TXT "v=spf1 ip4:192.0.2.1 -all"
_spf.example.net. 60 TXT "v=spf1 ip4:198.51.100.1 -all"
```

## Good
```main.cf
myhostname = web01.example.com
myorigin = example.com
```

```dns.zone
example.com. 60 TXT "v=spf1 ip4:192.0.2.1 include:_spf.example.net ~all"
example.com. 60 TXT "v=spf10 is no SPF record"
_spf.example.net. 60 TXT "v=spf1 ip4:198.51.100.0/24 -all"
```

## When it is right
Never. Several strings in one record are fine: receivers join them.

## References
- RFC 7208, sections 3.2, 3.3 and 4.5
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.dns.spf import merge
from maillint.engine.finding import ERROR, Finding, NotChecked
from maillint.engine.rule import rule

from ._asking import asked
from ._sender_spf import PARAMETERS, SenderSpf, judged, record_lines, weighed, whose

if TYPE_CHECKING:
    from maillint.dns.spf_tree import Node
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="online", parameters=PARAMETERS, online=True, complete=True)
def spf_multiple_records(config: Configuration) -> Iterator[Finding | NotChecked]:
    return judged(config, _judge)


def _judge(spf: SenderSpf) -> Iterator[Finding]:
    for node in spf.tree.nodes():
        records = node.selection.records
        if len(records) > 1:
            which = "that domain has" if node is spf.tree else f"there are, at the name {whose(spf, node)}"
            yield spf.finding(
                f"{spf.mail}, and {which} {len(records)} SPF records ({asked(node.answer)}): every"
                " receiver takes that for a permanent error, so SPF passes for no server of the domain",
                mend=_mend(spf, node),
                severity=weighed(spf, ERROR),
            )


def _mend(spf: SenderSpf, node: Node) -> str:
    if node is not spf.tree:
        return f"take `{node.via}` out of the record, or have the owner of {node.domain} delete all but one"
    records = sorted(node.selection.records)
    merged = merge(records)
    lines = ["delete all of these but one:", *(f'{spf.domain}. TXT "{record}"' for record in records)]
    if merged is not None and len(set(records)) > 1:
        lines += ["and let the one that stays say what all of them say:", record_lines(spf.domain, merged)]
    elif merged is None:
        lines.append("and merge what they say into the one that stays")
    return "\n".join(lines)
