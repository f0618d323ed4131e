"""The login is hidden from everybody.

## What happens
To clients in `smtpd_sasl_exceptions_networks` smtpd does not say that they can log in. With a network that
holds every address it says so to nobody: mail programs report that the server has no authentication.

## Bad
```main.cf sasl-exceptions-networks-wide@4
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_sasl_exceptions_networks = 0.0.0.0/0
smtpd_tls_security_level = may
smtpd_tls_chain_files = /etc/postfix/server.pem
```
```master.cf
smtp inet n - n - - smtpd
submission inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_sasl_auth_enable = yes
smtpd_tls_auth_only = yes
smtpd_tls_security_level = may
smtpd_tls_chain_files = /etc/postfix/server.pem
smtpd_sasl_exceptions_networks = 0.0.0.0/0
```
```master.cf
smtp inet n - n - - smtpd
submission inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_exceptions_networks=192.0.2.0/24
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
```

## When it is right
On a server whose clients log in though it does not say that they can.

## References
- postconf(5) smtpd_sasl_exceptions_networks
- Postfix source: smtpd/smtpd.c (sasl_client_exception)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding
from maillint.engine.rule import rule
from maillint.postfix.listening import is_for_submission

from .._uses import ids, users
from ..relay_security._networks import entries, holds_everybody
from ._logins import EXCEPTIONS, offers_login

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=WARNING, area="sasl", parameters=(EXCEPTIONS,), when_set=True, complete=True)
def sasl_exceptions_networks_wide(config: Configuration) -> Iterator[Finding]:
    for placed in entries(config, EXCEPTIONS):
        if not holds_everybody(placed):
            continue
        views = [
            view for view in users(placed.judged, "smtpd") if is_for_submission(view) and offers_login(view)
        ]
        if views:
            yield Finding(
                placed.location,
                "mail programs cannot log in: the server says to nobody that there is a login",
                mend="write the networks whose clients get on badly with the login, or remove the setting",
                parameter=EXCEPTIONS,
                services=ids(views),
            )
