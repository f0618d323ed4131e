"""Mail programs meet one certificate when they read mail, and another when they send it.

## What happens
A mail program is told one name for both, and asks its user when the certificate does not have that name or
has run out. Postfix and Dovecot name files in different directories here, so one of them may be left behind
when a certificate is renewed, or be the one that the package came with.

## Bad
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_tls_chain_files =
    /etc/letsencrypt/live/mail.example.com/privkey.pem,
    /etc/letsencrypt/live/mail.example.com/fullchain.pem
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
```
```master.cf
submission inet n - y - - smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o { smtpd_relay_restrictions = permit_sasl_authenticated, reject }
  -o { smtpd_sender_login_maps = inline:{ anna@example.com=anna } }
  -o { smtpd_sender_restrictions = reject_sender_login_mismatch }
```
```../dovecot/dovecot.conf certificate-differs-from-dovecot@1
ssl_cert = </etc/dovecot/private/dovecot.pem
ssl_key = </etc/dovecot/private/dovecot.key
service auth {
  unix_listener /var/spool/postfix/private/auth {
    mode = 0660
    user = postfix
  }
}
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_tls_chain_files =
    /etc/letsencrypt/live/mail.example.com/privkey.pem,
    /etc/letsencrypt/live/mail.example.com/fullchain.pem
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
```
```master.cf
submission inet n - y - - smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o { smtpd_relay_restrictions = permit_sasl_authenticated, reject }
  -o { smtpd_sender_login_maps = inline:{ anna@example.com=anna } }
  -o { smtpd_sender_restrictions = reject_sender_login_mismatch }
```
```../dovecot/dovecot.conf
dovecot_config_version = 2.4.0
ssl_server {
  cert_file = /etc/letsencrypt/live/mail.example.com/fullchain.pem
  key_file = /etc/letsencrypt/live/mail.example.com/privkey.pem
}
service auth {
  unix_listener /var/spool/postfix/private/auth {
    mode = 0660
    user = postfix
  }
}
```

## When it is right
Where the two services have names of their own, such as `imap.example.com` and `smtp.example.com`, each with
its certificate.

## References
- postconf(5) smtpd_tls_chain_files; Dovecot manual, ssl_cert and ssl_server_cert_file
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, MEDIUM, Finding
from maillint.engine.rule import rule
from maillint.postfix.server_certificates import certificate_files

from .._chain import set_here
from ..sasl._logins import SASL, offers_login, servers
from ._around import AROUND, DOVECOT

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_FILES = ("smtpd_tls_chain_files", "smtpd_tls_cert_file")


@rule(
    severity=INFO,
    area="neighbours",
    parameters=(SASL,),
    when_set=True,
    complete=True,
    noted=(AROUND, DOVECOT),
)
def certificate_differs_from_dovecot(config: Configuration) -> Iterator[Finding]:
    dovecot = config.neighbours.dovecot
    entry = dovecot.certificate if dovecot is not None else None
    theirs = entry.value.text.lstrip("< ") if entry is not None else ""
    if entry is None or not theirs.startswith("/") or "$" in theirs:
        return
    for view in servers(config):
        ours = certificate_files(view)
        if not offers_login(view) or not ours or any(view.value(name).text is None for name in _FILES):
            continue
        if os.path.dirname(theirs) in map(os.path.dirname, ours):
            continue
        yield Finding(
            entry.value.location(),
            f"mail programs meet the certificate `{theirs}` here, and `{ours[-1]}` where they send mail",
            mend="name the same certificate in both, and reload both when it is renewed",
            confidence=MEDIUM,
            parameter=_FILES[0],
            related=set_here(view.setting(name) for name in _FILES),
        )
        return
