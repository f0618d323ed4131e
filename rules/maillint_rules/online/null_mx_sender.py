"""Mail carries a sender domain that declares that it takes no mail.

## What happens
An MX record `0 .` (a null MX) says that a domain takes no mail at all. Receivers refuse mail *from* such a
domain, since nobody could ever answer it: `550 5.7.27 Sender address has null MX` (RFC 7505 4.2), and bounces
are lost.

## Bad
```main.cf null-mx-sender@2
myhostname = web01.example.com
myorigin = example.com
```

```dns.zone
example.com. 60 MX 0 .
example.com. 60 TXT "v=spf1 ip4:192.0.2.1 -all"
```

## Good
```main.cf
myhostname = web01.example.com
myorigin = example.com
```

```dns.zone
example.com. 60 MX 10 mx.example.net.
example.com. 60 TXT "v=spf1 ip4:192.0.2.1 -all"
mx.example.net.   60 A 198.51.100.25
```

## When it is right
Never: a domain with a null MX should send no mail.

## References
- RFC 7505, sections 3 and 4.2
- postconf(5) reject_unknown_sender_domain
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.dns.mx import exchange
from maillint.engine.finding import ERROR, Finding, NotChecked
from maillint.engine.rule import rule

from ._asking import asked, lookup, not_answered, zone_line
from ._senders import sender_domains

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="online", parameters=("myorigin",), online=True, complete=True)
def null_mx_sender(config: Configuration) -> Iterator[Finding | NotChecked]:
    for sender in sender_domains(config):
        if isinstance(sender, NotChecked):
            yield sender
            continue
        found = exchange(lookup(config), sender.domain)
        if not found.answer.certain:
            yield not_answered(found.answer, sender.location)
        elif found.is_null:
            host = config.main_view.value("myhostname").text or "HOST"
            yield Finding(
                sender.location,
                f"{sender.mail}, but that domain declares that it takes no mail (a null MX:"
                f" {asked(found.answer)}),"
                " so receivers refuse mail from it with 550 5.7.27, and bounces are lost",
                mend="let the mail carry another domain, or replace the record:\n"
                + zone_line(sender.domain, "MX", f"10 {host}."),
                parameter=sender.sender.parameter,
                related=sender.related,
            )
