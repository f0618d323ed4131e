"""More than two terms of an SPF record look up what does not exist.

## What happens
Receivers may stop at the third term whose lookup finds nothing, and take the record for a permanent error
(RFC 7208, 4.6.4). Some do, so that the result differs from one receiver to the next. It happens when servers
are given up and their names stay in the record. For a sender with an IPv6 address, an `a:` of a name without
an AAAA record finds nothing as well.

## Bad
```main.cf spf-void-lookups@2 public-ip=192.0.2.1
myhostname = web01.example.com
myorigin = example.com
```

```dns.zone
example.com. 60 TXT "v=spf1 ip4:192.0.2.1 a:old1.example.com a:old2.example.com mx:old3.example.com -all"
```

## Good
```main.cf public-ip=192.0.2.1
myhostname = web01.example.com
myorigin = example.com
```

```dns.zone
example.com. 60 TXT "v=spf1 ip4:192.0.2.1 a:mail.example.com -all"
mail.example.com. 60 A 192.0.2.2
```

## When it is right
Never, though a term for a name that does not exist does no harm by itself.

## References
- RFC 7208, section 4.6.4
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.dns.spf_tree import VOID_LIMIT, voids
from maillint.engine.finding import WARNING, Finding, NotChecked
from maillint.engine.rule import rule

from ._asking import asked, lookup
from ._sender_spf import PARAMETERS, SenderSpf, judged_trees

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=WARNING, area="online", parameters=PARAMETERS, online=True, complete=True)
def spf_void_lookups(config: Configuration) -> Iterator[Finding | NotChecked]:
    return judged_trees(config, _judge)


def _judge(spf: SenderSpf) -> Iterator[Finding]:
    dns = lookup(spf.config)
    checks, _ = spf.checks()
    for family in sorted({4, *(check.source.family for check in checks)}):
        found = voids(dns, spf.tree, family)
        if len(found) > VOID_LIMIT:
            terms = ", ".join(
                f"`{void.term.text}` of {void.node.domain} ({asked(void.answer)})" for void in found
            )
            yield spf.finding(
                f"{spf.mail}, and {len(found)} terms of its SPF record find nothing for a sender with an"
                f" IPv{family} address, where {VOID_LIMIT} are allowed: {terms}; some receivers take that for"
                " a permanent error",
                mend=f"take these terms out of the record: `{spf.text}`",
                severity=WARNING,
            )
            return
