"""Users who have logged in may send with each other's addresses.

## What happens
Nothing compares the sender's address with the login. One stolen password is enough to send as everybody, and
what is sent passes SPF and DKIM, because it comes from this server. `smtpd_sender_login_maps` says which
login owns which address, and `reject_authenticated_sender_login_mismatch` refuses the others.

The rule speaks where the host has mailboxes in virtual domains, and so several users.

## Bad
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $myhostname
virtual_mailbox_domains = example.org, example.net
virtual_mailbox_maps = hash:/etc/postfix/mailboxes
virtual_transport = lmtp:unix:private/dovecot-lmtp
smtpd_tls_security_level = may
smtpd_tls_chain_files = /etc/postfix/server.pem
```
```master.cf sender-spoofing-open@4
smtp inet n - n - - smtpd
submission inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
lmtp unix - - n - - lmtp
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $myhostname
virtual_mailbox_domains = example.org, example.net
virtual_mailbox_maps = hash:/etc/postfix/mailboxes
virtual_transport = lmtp:unix:private/dovecot-lmtp
smtpd_tls_security_level = may
smtpd_tls_chain_files = /etc/postfix/server.pem
smtpd_sender_login_maps = hash:/etc/postfix/logins
```
```master.cf
smtp inet n - n - - smtpd
submission inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_sender_restrictions=reject_authenticated_sender_login_mismatch
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
lmtp unix - - n - - lmtp
```

## When it is right
Where all users trust each other, or a milter compares the two.

## References
- postconf(5) smtpd_sender_login_maps, reject_authenticated_sender_login_mismatch
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, Finding
from maillint.engine.rule import rule
from maillint.postfix.role import VIRTUAL_HOSTING, has_role

from .._uses import ids
from ._logins import ANY_SENDER, LOGIN_MAPS, SASL, causes, lets_any_sender

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(
    severity=INFO,
    area="sasl",
    parameters=(SASL,),
    when_set=True,
    complete=True,
    security=True,
    noted=("maillint_rules.sasl._logins", ANY_SENDER),
)
def sender_spoofing_open(config: Configuration) -> Iterator[Finding]:
    if not has_role(config, VIRTUAL_HOSTING) or config.main_view.value("virtual_mailbox_domains").text == "":
        return
    for setting, views in causes(config, lets_any_sender, SASL):
        yield Finding(
            setting.value.location(),
            "who has logged in may send as anybody: nothing compares the login with the sender's address",
            mend=f"set `{LOGIN_MAPS}`, and add"
            " `-o smtpd_sender_restrictions=reject_authenticated_sender_login_mismatch` to the service",
            parameter=LOGIN_MAPS,
            services=ids(views),
        )
