"""An MX that does not offer TLS.

## What happens
Without STARTTLS all mail for the domains of this host crosses the Internet in clear text, whatever its
senders would rather do. Senders that require TLS, by MTA-STS, by DANE or by their own policy, do not
deliver.

## Bad
```main.cf tls-none-server@4
compatibility_level = 3.6
myhostname = mx.example.com
myorigin = example.com
smtpd_tls_security_level = none
virtual_mailbox_domains = example.com, example.net
virtual_mailbox_maps = lmdb:/etc/postfix/mailboxes
virtual_transport = lmtp:unix:private/dovecot-lmtp
```

```main.cf tls-none-server@4
compatibility_level = 3.6
myhostname = mx.example.com
myorigin = example.com
smtpd_tls_chain_files = /etc/ssl/private/mx.example.com.pem
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
virtual_mailbox_domains = example.com, example.net
virtual_mailbox_maps = lmdb:/etc/postfix/mailboxes
virtual_transport = lmtp:unix:private/dovecot-lmtp
```

## When it is right
Where another program in front of Postfix speaks TLS for it, or where all mail comes from a host in the same
rack.

## References
- postconf(5) smtpd_tls_security_level; TLS_README, "Server-side TLS"; RFC 8461, RFC 7672
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding
from maillint.engine.rule import rule
from maillint.postfix.role import MX
from maillint.postfix.tls import NONE, server_level

from .._exchanges import LEVEL, PLAIN, public_exchanges
from .._told import told

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, View
    from maillint.syntax.tree import Setting

_CERTIFICATES = ("smtpd_tls_chain_files", "smtpd_tls_cert_file", "smtpd_tls_eccert_file")
_SWITCHES = ("smtpd_enforce_tls", "smtpd_use_tls")
_PROXIED = ("smtpd_upstream_proxy_protocol", "postscreen_upstream_proxy_protocol")


@rule(
    severity=WARNING,
    area="tls",
    parameters=(LEVEL, *_SWITCHES, *_CERTIFICATES),
    when_set=True,
    noted=("maillint_rules._exchanges", PLAIN),
    complete=True,
    security=True,
    roles=(MX,),
)
def tls_none_server(config: Configuration) -> Iterator[Finding]:
    if any(view.value(name).text != "" for view in config.views for name in _PROXIED):
        return
    for view in public_exchanges(config):
        setting = _sign(view)
        if setting is None or server_level(view) != NONE:
            continue
        prepared = setting.name in _CERTIFICATES
        yield Finding(
            setting.value.location() if setting.value.text else setting.name_location,
            "mail for the domains of this host comes in clear text: "
            + (
                f"there is a certificate, but `{LEVEL}` is not set" if prepared else "STARTTLS is not offered"
            ),
            mend=f"write `{LEVEL} = may`" + ("" if prepared else ", and name a certificate"),
            parameter=LEVEL,
            services=(view.id,) if view.service is not None else (),
        )


def _sign(view: View) -> Setting | None:
    """The setting by which the server has no TLS, else one that shows that it was to have it."""
    for name in (LEVEL, *_SWITCHES, *_CERTIFICATES):
        value = view.value(name)
        if value.setting is not None and not told(value) and (name not in _CERTIFICATES or value.text):
            return value.setting
    return None
