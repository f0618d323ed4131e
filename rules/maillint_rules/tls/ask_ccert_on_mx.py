"""An MX asks every mail server for a certificate that nothing uses.

## What happens
With `smtpd_tls_ask_ccert = yes` smtpd asks each client for a certificate. No access list here looks at it.
Some old clients fail when they are asked and have none, and others show a certificate that expired long
ago, which only fills the log with what could not be verified.

## Bad
```main.cf ask-ccert-on-mx@6
compatibility_level = 3.6
myhostname = mx.example.com
myorigin = example.com
smtpd_tls_security_level = may
smtpd_tls_chain_files = /etc/ssl/private/mx.example.com.pem
smtpd_tls_ask_ccert = yes
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
smtpd_tls_ask_ccert = yes
smtpd_tls_fingerprint_digest = sha256
relay_clientcerts = lmdb:/etc/postfix/relay_clientcerts
smtpd_relay_restrictions = permit_mynetworks, permit_tls_clientcerts, reject_unauth_destination
virtual_mailbox_domains = example.com, example.net
virtual_mailbox_maps = lmdb:/etc/postfix/mailboxes
virtual_transport = lmtp:unix:private/dovecot-lmtp
```

## When it is right
Where a milter or the log is to have the names in the certificates.

## References
- TLS_README, "Server access control"; postconf(5) smtpd_tls_ask_ccert
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, Edit, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix.restrictions import OPEN, access_lists
from maillint.postfix.role import MX
from maillint.postfix.tls import NONE, server_level

from .._exchanges import ASK, ASKS, exchange_settings

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, View

_USERS = frozenset(
    {"permit_tls_clientcerts", "permit_tls_all_clientcerts", "check_ccert_access", "check_policy_service"}
)
"""The restrictions that may look at the certificate; a policy server is told of it."""


@rule(
    severity=INFO,
    area="tls",
    parameters=(ASK,),
    when_set=True,
    noted=("maillint_rules._exchanges", ASKS),
    complete=True,
    roles=(MX,),
)
def ask_ccert_on_mx(config: Configuration) -> Iterator[Finding]:
    for view, setting in exchange_settings(config, ASK):
        asks = view.boolean(ASK) and server_level(view) not in (None, NONE)
        if not asks or view.value("smtpd_milters").text != "" or _uses_certificates(view):
            continue
        location = setting.value.location()
        yield Finding(
            location,
            "every mail server is asked for a certificate, and nothing here looks at it",
            mend=f"remove `{ASK} = {setting.value.text}`",
            parameter=ASK,
            services=(view.id,) if view.service is not None else (),
            fix=Fix("ask for no certificate", (Edit(location, "no"),)),
        )


def _uses_certificates(view: View) -> bool:
    lists = access_lists(view)
    return any(
        restriction.kind == OPEN or restriction.name in _USERS
        for where in (*lists.lists.values(), *lists.classes.values())
        for restriction in where.restrictions
    )
