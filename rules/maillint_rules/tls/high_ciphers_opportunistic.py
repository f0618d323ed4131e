"""A server that does not insist on TLS insists on the best ciphers.

## What happens
`smtpd_tls_ciphers` counts where TLS may be used and need not be (`smtpd_tls_security_level = may`). A mail
server that has none of the ciphers in the grade `high` does not get a better one by that: its TLS handshake
fails, and it sends the same mail without any TLS. `medium`, the default, lets it encrypt as well as it can.

For users, of whom TLS is required, `smtpd_tls_mandatory_ciphers` counts.

## Bad
```main.cf high-ciphers-opportunistic@6
compatibility_level = 3.6
myhostname = mx.example.com
myorigin = example.com
smtpd_tls_security_level = may
smtpd_tls_chain_files = /etc/ssl/private/mx.example.com.pem
smtpd_tls_ciphers = high
virtual_mailbox_domains = example.com, example.net
virtual_mailbox_maps = lmdb:/etc/postfix/mailboxes
virtual_transport = lmtp:unix:private/dovecot-lmtp
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mx.example.com
myorigin = example.com
smtpd_tls_security_level = may
smtpd_tls_chain_files = /etc/ssl/private/mx.example.com.pem
smtpd_tls_mandatory_ciphers = high
virtual_mailbox_domains = example.com, example.net
virtual_mailbox_maps = lmdb:/etc/postfix/mailboxes
virtual_transport = lmtp:unix:private/dovecot-lmtp
```

## When it is right
Where an audit demands it, and plain text from old servers is accepted as the price.

## References
- postconf(5) smtpd_tls_ciphers, smtpd_tls_mandatory_ciphers; RFC 7435
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, Edit, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix.role import MX
from maillint.postfix.tls import MAY, server_level

from .._chain import set_here
from .._exchanges import CIPHERS, HIGH, exchange_settings

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(
    severity=INFO,
    area="tls",
    parameters=(CIPHERS,),
    when_set=True,
    noted=("maillint_rules._exchanges", HIGH),
    complete=True,
    roles=(MX,),
)
def high_ciphers_opportunistic(config: Configuration) -> Iterator[Finding]:
    for view, setting in exchange_settings(config, CIPHERS):
        if (view.value(CIPHERS).text or "").lower() != "high" or server_level(view) != MAY:
            continue
        location = setting.value.location()
        yield Finding(
            location,
            "a mail server that has none of these ciphers sends its mail without any TLS",
            mend="write `medium`, and keep `high` for `smtpd_tls_mandatory_ciphers`",
            parameter=CIPHERS,
            related=set_here((view.setting("smtpd_tls_security_level"),)),
            services=(view.id,) if view.service is not None else (),
            fix=Fix("write `medium`", (Edit(location, "medium"),), safe=False),
        )
