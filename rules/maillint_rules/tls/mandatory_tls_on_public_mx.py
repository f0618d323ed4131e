"""Mail servers that do without TLS cannot deliver to an MX.

## What happens
Where `smtpd_tls_security_level` is `encrypt`, smtpd refuses every command before STARTTLS with `530 5.7.0
Must issue a STARTTLS command first`. Other mail servers choose by themselves whether they use TLS, and
those that cannot return the mail to its sender. RFC 3207 forbids to require TLS of a server that is named
in an MX record.

What the services for users require is another matter: that belongs into their entries in `master.cf`.

## Bad
```main.cf mandatory-tls-on-public-mx@4
compatibility_level = 3.6
myhostname = mx.example.com
myorigin = example.com
smtpd_tls_security_level = encrypt
smtpd_tls_chain_files = /etc/ssl/private/mx.example.com.pem
virtual_mailbox_domains = example.com, example.net
virtual_mailbox_maps = lmdb:/etc/postfix/mailboxes
virtual_transport = lmtp:unix:private/dovecot-lmtp
```

```main.cf mandatory-tls-on-public-mx@4 deprecated-parameter@4
compatibility_level = 3.6
myhostname = mx.example.com
myorigin = example.com
smtpd_enforce_tls = yes
smtpd_tls_chain_files = /etc/ssl/private/mx.example.com.pem
relay_domains = example.com
relay_recipient_maps = lmdb:/etc/postfix/recipients
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

```main.cf
# Nobody but users sends to it.
compatibility_level = 3.6
myhostname = submit.example.com
myorigin = example.com
smtpd_tls_security_level = encrypt
smtpd_tls_chain_files = /etc/ssl/private/submit.example.com.pem
```
```master.cf
submission inet n - n - - smtpd
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_client_restrictions=permit_sasl_authenticated,reject
pickup unix n - n 60 1 pickup
smtp unix - - n - - smtp
tlsmgr unix - - n 1000? 1 tlsmgr
```

## When it is right
Where all who send to the host are known to use TLS, as in a closed group, or where another program speaks
TLS for it. Who would rather lose mail than take it in clear text says so with an ignore comment.

## References
- RFC 3207, section 4
- postconf(5) smtpd_tls_security_level; TLS_README
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Edit, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix.listening import is_for_submission
from maillint.postfix.role import MX
from maillint.postfix.tls import ENCRYPT, server_level

from .._exchanges import LEVEL, MANDATORY, exchange_settings

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.syntax.tree import Setting

_SETTINGS = (LEVEL, "smtpd_enforce_tls")


@rule(
    severity=WARNING,
    area="tls",
    parameters=_SETTINGS,
    when_set=True,
    noted=("maillint_rules._exchanges", MANDATORY),
    complete=True,
    roles=(MX,),
)
def mandatory_tls_on_public_mx(config: Configuration) -> Iterator[Finding]:
    for view, setting in exchange_settings(config, *_SETTINGS):
        # That TLS begins at once on such a port, rule wrappermode-on-starttls-service says.
        if server_level(view) != ENCRYPT or view.boolean("smtpd_tls_wrappermode") is not False:
            continue
        yield Finding(
            setting.value.location(),
            "mail servers that do not use TLS cannot deliver here: each is told `530 5.7.0 Must issue a"
            " STARTTLS command first`, and the mail goes back to its sender",
            mend="write `smtpd_tls_security_level = may`, and require TLS of users in master.cf",
            parameter=setting.name,
            services=(view.id,) if view.service is not None else (),
            fix=_fix(config, setting),
        )


def _fix(config: Configuration, setting: Setting) -> Fix | None:
    if setting.name != LEVEL:
        return None
    for_users = any(is_for_submission(view) and view.setting(LEVEL) is setting for view in config.views)
    return Fix(f"write `{LEVEL} = may`", (Edit(setting.value.location(), "may"),), safe=not for_users)
