"""The domain has a record of the type SPF, which nobody asks for any more.

## What happens
RFC 7208 (3.1) has given up the record type SPF (99): receivers ask for TXT only. A record that is kept in
both types is one that sooner or later differs.

## Bad
```main.cf spf-type99@2 public-ip=192.0.2.1
myhostname = web01.example.com
myorigin = example.com
```

```dns.zone
example.com. 60 TXT "v=spf1 ip4:192.0.2.1 -all"
example.com. 60 SPF "v=spf1 ip4:192.0.2.1 -all"
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
It does no harm.

## References
- RFC 7208, section 3.1
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.dns.spf import is_spf
from maillint.engine.finding import INFO, Finding, NotChecked
from maillint.engine.rule import rule

from ._asking import ask_ahead, asked, lookup
from ._sender_spf import PARAMETERS, SenderSpf, judged, sender_spfs

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=INFO, area="online", parameters=PARAMETERS, online=True, complete=True)
def spf_type99(config: Configuration) -> Iterator[Finding | NotChecked]:
    domains = [spf.domain for spf in sender_spfs(config) if isinstance(spf, SenderSpf)]
    ask_ahead(lookup(config), ((domain, "SPF") for domain in domains))
    return judged(config, _judge)


def _judge(spf: SenderSpf) -> Iterator[Finding]:
    answer = lookup(spf.config).ask(spf.domain, "SPF")
    if any(is_spf(text) for text in answer.texts):
        yield spf.finding(
            f"{spf.mail}, and that domain has a record of the type SPF, which receivers do not ask for"
            f" ({asked(answer)})",
            mend=f"delete the SPF record of {spf.domain}, and keep the TXT record",
        )
