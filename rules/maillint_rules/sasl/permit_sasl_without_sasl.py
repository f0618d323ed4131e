"""A service for users, on which nobody can log in.

## What happens
`permit_sasl_authenticated` lets those in who have logged in. With `smtpd_sasl_auth_enable = no`, the default,
smtpd offers no login, so the word lets nobody in: users hear `Relay access denied` or `Client host rejected`,
or their mail program says that the server has no authentication.

## Bad
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
```
```master.cf permit-sasl-without-sasl@3
smtp inet n - n - - smtpd
submission inet n - n - - smtpd
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
```

### It is switched on nowhere
```main.cf permit-sasl-without-sasl@5
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
```
```master.cf
smtp inet n - n - - smtpd
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
smtpd_tls_chain_files = /etc/postfix/server.pem
```
```master.cf
smtp inet n - n - - smtpd
submission inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
```

## When it is right
Never.

## References
- SASL_README, "Enabling SASL authentication and authorization in the Postfix SMTP server"
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import MEDIUM, WARNING, Finding
from maillint.engine.rule import rule

from ..relay_security._servers import LOGIN, NO_LOGIN, SASL, login_prepared, own_login_word
from ..restrictions._lists import smtpd_views

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(
    severity=WARNING,
    area="sasl",
    noted=("maillint_rules.relay_security._servers", NO_LOGIN),
    complete=True,
)
def permit_sasl_without_sasl(config: Configuration) -> Iterator[Finding]:
    if config.main is None or config.master is None:
        return  # It may be switched on in the other file.
    told = False
    for view in smtpd_views(config):
        place = own_login_word(view)
        if place is not None and view.service is not None:
            told = True
            yield Finding(
                place,
                f"nobody can log in at the service `{view.service.name}`, so `{LOGIN}` lets nobody in:"
                f" `{SASL}` is off there",
                mend=f"add `-o {SASL}=yes` to the service",
                parameter=SASL,
                services=(view.id,),
            )
    setting = login_prepared(config)
    if setting is not None and not told:
        yield Finding(
            setting.value.location() if setting.value.text else setting.name_location,
            f"`{setting.name}` has no effect, and `{LOGIN}` lets nobody in:"
            f" `{SASL}` is off for every service",
            mend=f"write `-o {SASL}=yes` below the services where users log in, or remove `{setting.name}`",
            confidence=MEDIUM,
            parameter=setting.name,
        )
