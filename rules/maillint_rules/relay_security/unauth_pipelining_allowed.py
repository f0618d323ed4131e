"""Clients may send ahead of the replies, which spammers do.

## What happens
A client that sends several commands without waiting, before it has seen that the server allows it, is no mail
server. `smtpd_forbid_unauth_pipelining = yes`, the default since Postfix 3.9, ends the session, and stops one
way to smuggle messages, too.

## Bad
```main.cf unauth-pipelining-allowed@4
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_forbid_unauth_pipelining = no
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_forbid_unauth_pipelining = yes
```

## When it is right
Where some own device sends ahead; put it into the master.cf entry that the device uses.

## References
- postconf(5) smtpd_forbid_unauth_pipelining; RFC 2920; https://www.postfix.org/smtp-smuggling.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, Finding
from maillint.engine.rule import rule
from maillint.postfix.listening import LOOPBACK, NOBODY, is_mail_exchange, reach

from .._uses import found, users
from .._values import known_values
from .._words import OFF

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_NAME = "smtpd_forbid_unauth_pipelining"


@rule(
    severity=INFO,
    area="relay-security",
    parameters=(_NAME,),
    when_set=True,
    noted=("maillint_rules._words", OFF),
    security=True,
)
def unauth_pipelining_allowed(config: Configuration) -> Iterator[Finding]:
    for judged in known_values(config, _NAME):
        views = [
            view
            for view in users(judged, "smtpd")
            if is_mail_exchange(view) and reach(view) not in (LOOPBACK, NOBODY)
        ]
        if views and judged.text.lower() == "no":
            yield found(
                judged,
                "clients that send ahead of the replies, as no mail server does, are not sent away",
                "write `yes`",
                users=views,
                meant="yes",
            )
