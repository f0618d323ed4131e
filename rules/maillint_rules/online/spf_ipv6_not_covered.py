"""The SPF record names the IPv4 address of this host, but not the one that it sends from over IPv6.

## What happens
With `inet_protocols = all`, Postfix delivers over IPv6 wherever the receiver has an IPv6 address, as Gmail
and Microsoft have. The record that names the IPv4 address only says nothing of the other: mail over IPv6
gets `softfail` or `fail`, and Gmail is stricter with such mail than over IPv4. Whether mail passes changes
with the way that it happens to take.

## Bad
```main.cf spf-ipv6-not-covered@2 public-ip=203.0.113.7,2001:db8::7
myhostname = web01.example.com
myorigin = example.com
inet_protocols = all
```

```dns.zone
example.com. 60 TXT "v=spf1 ip4:203.0.113.7 -all"
```

## Good
```main.cf public-ip=203.0.113.7,2001:db8::7
myhostname = web01.example.com
myorigin = example.com
inet_protocols = all
```

```dns.zone
example.com. 60 TXT "v=spf1 ip4:203.0.113.7 ip6:2001:db8::7 -all"
```

### The host does without IPv6
```main.cf public-ip=203.0.113.7,2001:db8::7
myhostname = web01.example.com
myorigin = example.com
inet_protocols = ipv4
```

```dns.zone
example.com. 60 TXT "v=spf1 ip4:203.0.113.7 -all"
```

## When it is right
Where mail cannot leave over IPv6, which `inet_protocols = ipv4` says best.

## References
- RFC 7208, section 5.6
- postconf(5) inet_protocols, smtp_bind_address6, smtp_address_preference
- Google, "Email sender guidelines", on IPv6
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding, NotChecked
from maillint.engine.rule import rule

from ._authorised import finding, refused
from ._sender_spf import PARAMETERS, SenderSpf, judged_trees

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="online", parameters=PARAMETERS, online=True, complete=True)
def spf_ipv6_not_covered(config: Configuration) -> Iterator[Finding | NotChecked]:
    return judged_trees(config, _judge)


def _judge(spf: SenderSpf) -> Iterator[Finding | NotChecked]:
    _, notes = spf.checks()
    yield from notes
    checks, only_new_family = refused(spf)
    if only_new_family:
        yield finding(spf, checks, other="write `inet_protocols = ipv4`, if mail need not leave over IPv6")
