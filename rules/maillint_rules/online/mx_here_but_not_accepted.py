"""The world delivers mail for a domain to this host, which refuses it.

## What happens
The MX record of a domain that this host uses as a sender domain, or as its own, leads here. But the domain is
in none of `mydestination`, `virtual_alias_domains`, `virtual_mailbox_domains` and `relay_domains`, so each
message to it is refused with `554 5.7.1 Relay access denied`, answers and bounces included.

## Bad
```main.cf mx-here-but-not-accepted@2
myhostname = mail.example.com
myorigin = example.com
mydestination = localhost, mail.example.com
```

```dns.zone
example.com.      60 MX  10 mail.example.com.
example.com.      60 TXT "v=spf1 mx -all"
mail.example.com. 60 A   192.0.2.1
mail.example.com. 60 TXT "v=spf1 a -all"
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = example.com
mydestination = localhost, mail.example.com, example.com
```

```dns.zone
example.com.      60 MX  10 mail.example.com.
example.com.      60 TXT "v=spf1 mx -all"
mail.example.com. 60 A   192.0.2.1
mail.example.com. 60 TXT "v=spf1 a -all"
```

## When it is right
Another host with the same name or address takes the mail, for example behind a load balancer.

## References
- postconf(5) mydestination
- ADDRESS_CLASS_README
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.dns.mx import exchange
from maillint.engine.finding import ERROR, Finding, NotChecked
from maillint.engine.rule import rule
from maillint.postfix.listening import NETWORK, smtp_reach

from ._asking import asked, lookup, not_answered
from ._exchanges import ask_exchanges, is_accepted, this_host
from ._senders import sender_domains

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="online", parameters=("mydestination",), online=True, complete=True)
def mx_here_but_not_accepted(config: Configuration) -> Iterator[Finding | NotChecked]:
    if smtp_reach(config) != NETWORK:
        return
    senders = []
    for sender in sender_domains(config):
        if isinstance(sender, NotChecked):
            yield sender
        elif not is_accepted(config, sender.domain):
            senders.append(sender)
    ask_exchanges(config, (sender.domain for sender in senders))
    for sender in senders:
        found = exchange(lookup(config), sender.domain)
        if not found.answer.certain:
            yield not_answered(found.answer, sender.location)
        elif this_host(config).is_among(config, found):
            yield Finding(
                sender.location,
                f"mail for {sender.domain} comes to this host ({asked(found.answer)}), but the domain is in"
                " none"
                " of `mydestination`, `virtual_alias_domains`, `virtual_mailbox_domains` and `relay_domains`,"
                " so it is refused with 554 5.7.1 Relay access denied",
                mend=f"add `{sender.domain}` to `mydestination`, or to the list of virtual or relay domains"
                " that"
                " it belongs to",
                related=sender.related,
            )
