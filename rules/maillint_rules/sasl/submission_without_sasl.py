"""A service for users on which nobody can log in, nor be known by a certificate.

## What happens
Mail programs connect to port 587 or 465 to log in and send. Here they hear that the server has no
authentication, or `Relay access denied`; and the port takes mail from strangers to this host like port 25.

## Bad
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
```
```master.cf submission-without-sasl@2
smtp inet n - n - - smtpd
submission inet n - n - - smtpd
  -o smtpd_relay_restrictions=permit_mynetworks,reject
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_tls_auth_only = yes
smtpd_tls_security_level = may
smtpd_tls_chain_files = /etc/postfix/server.pem
```
```master.cf
smtp inet n - n - - smtpd
submission inet n - n - - smtpd
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
```

## When it is right
Where devices of the own network send through this port, and are known by their addresses.

## References
- RFC 6409; the entries for submission in the master.cf that Postfix comes with
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import MEDIUM, WARNING, Finding
from maillint.engine.rule import rule

from .._chain import set_here
from ..relay_security._servers import login_prepared, own_login_word
from ._logins import NO_LOGIN, SASL, lacks_login, servers

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=WARNING, area="sasl", complete=True, noted=("maillint_rules.sasl._logins", NO_LOGIN))
def submission_without_sasl(config: Configuration) -> Iterator[Finding]:
    if login_prepared(config) is not None:
        return  # Rule permit-sasl-without-sasl speaks.
    for view in servers(config):
        if not lacks_login(view) or own_login_word(view) is not None or view.service is None:
            continue
        yield Finding(
            view.service.fields[0].location(),
            f"users cannot log in at the service `{view.service.name}`, which is for them: `{SASL}` is off",
            mend=f"add `-o {SASL}=yes` to the service",
            confidence=MEDIUM,
            parameter=SASL,
            services=(view.id,),
            related=set_here((view.setting(SASL),)),
        )
