"""Mail carries a sender domain that nobody can answer to.

## What happens
A receiver that cannot take mail back (a bounce, an answer) does not take mail: it asks for the MX record of
the sender domain, and for its addresses where there is none. With neither, many refuse the mail at once
(`553 5.1.8 Domain of sender address does not exist`, Postfix's own `reject_unknown_sender_domain`), and
every bounce is lost.

## Bad
```main.cf mx-missing@2
myhostname = web01.example.com
myorigin = mail.example.com
```

```dns.zone
; mail.example.com has neither an MX record nor an address
mail.example.com. 60 TXT "v=spf1 ip4:192.0.2.1 -all"
```

## Good
```main.cf
myhostname = web01.example.com
myorigin = mail.example.com
```

```dns.zone
mail.example.com. 60 MX 10 mx.example.net.
mail.example.com. 60 TXT "v=spf1 ip4:192.0.2.1 -all"
mx.example.net.   60 A 198.51.100.25
```

## When it is right
Never, for mail that is to arrive. A sender domain that really takes no mail is no better off with a null MX.

## References
- RFC 5321, section 5.1
- postconf(5) reject_unknown_sender_domain
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.dns.answer import ANSWER, NXDOMAIN
from maillint.dns.mx import exchange, host_addresses, unanswered
from maillint.engine.finding import WARNING, Finding, NotChecked
from maillint.engine.rule import rule

from ._asking import all_asked, lookup, not_answered, zone_line
from ._senders import sender_domains

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=WARNING, area="online", parameters=("myorigin",), online=True, complete=True)
def mx_missing(config: Configuration) -> Iterator[Finding | NotChecked]:
    dns = lookup(config)
    for sender in sender_domains(config):
        if isinstance(sender, NotChecked):
            yield sender
            continue
        answer = exchange(dns, sender.domain).answer
        if answer.status in (ANSWER, NXDOMAIN):
            continue  # That a domain does not exist is said by the rule spf-missing.
        if not answer.certain:
            yield not_answered(answer, sender.location)
            continue
        found, answers = host_addresses(dns, sender.domain)
        if found:
            continue
        if (silent := unanswered(answers)) is not None:
            yield not_answered(silent, sender.location)
            continue
        answers = (answer, *answers)
        host = config.main_view.value("myhostname").text or "HOST"
        yield Finding(
            sender.location,
            f"{sender.mail}, but nothing can be sent back to that domain: it has neither an MX record nor an"
            f" address ({all_asked(answers)}); many receivers refuse such mail, and bounces are lost",
            mend="publish the mail server that takes mail for the domain:\n"
            + zone_line(sender.domain, "MX", f"10 {host}."),
            parameter=sender.sender.parameter,
            related=sender.related,
        )
