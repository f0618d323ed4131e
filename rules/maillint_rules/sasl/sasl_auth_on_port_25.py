"""Passwords can be tried on port 25, where no user sends.

## What happens
`smtpd_sasl_auth_enable = yes` in main.cf offers a login to everybody who connects to port 25, too. Other
mail servers have no use for it, and users have the submission service of this host. Those who guess
passwords try port 25 first, around the clock; a password that they find sends spam from here.

## Bad
```main.cf sasl-auth-on-port-25@5
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = example.com
mydestination = example.com, $myhostname, localhost
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
smtpd_tls_auth_only = yes
smtpd_tls_security_level = may
smtpd_tls_chain_files = /etc/ssl/private/mail.example.com.pem
smtpd_sender_login_maps = lmdb:/etc/postfix/logins
```
```master.cf
smtp inet n - n - - smtpd
submission inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_client_restrictions=permit_sasl_authenticated,reject
  -o smtpd_sender_restrictions=reject_sender_login_mismatch
pickup unix n - n 60 1 pickup
smtp unix - - n - - smtp
tlsmgr unix - - n 1000? 1 tlsmgr
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = example.com
mydestination = example.com, $myhostname, localhost
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
smtpd_tls_auth_only = yes
smtpd_tls_security_level = may
smtpd_tls_chain_files = /etc/ssl/private/mail.example.com.pem
smtpd_sender_login_maps = lmdb:/etc/postfix/logins
```
```master.cf
smtp inet n - n - - smtpd
submission inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_client_restrictions=permit_sasl_authenticated,reject
  -o smtpd_sender_restrictions=reject_sender_login_mismatch
pickup unix n - n 60 1 pickup
smtp unix - - n - - smtp
tlsmgr unix - - n 1000? 1 tlsmgr
```

## When it is right
Where old programs of users know no other port than 25.

## References
- RFC 8314, section 3.3; RFC 6409; postconf(5) smtpd_sasl_auth_enable
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, Edit, Finding, Fix, Related
from maillint.engine.rule import rule
from maillint.postfix.listening import NETWORK, is_for_submission, listeners
from maillint.postfix.role import MX

from .._exchanges import LOGIN, SASL, exchange_settings

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, View
    from maillint.syntax.tree import Service, Setting


@rule(
    severity=INFO,
    area="sasl",
    parameters=(SASL,),
    when_set=True,
    noted=("maillint_rules._exchanges", LOGIN),
    complete=True,
    security=True,
    roles=(MX,),
)
def sasl_auth_on_port_25(config: Configuration) -> Iterator[Finding]:
    services = _for_users(config)
    if not services:
        return
    for view, setting in exchange_settings(config, SASL):
        if not view.boolean(SASL):
            continue
        yield Finding(
            setting.value.location(),
            f"everybody may try passwords on port 25, and users have `{services[0].name}`",
            mend=f"write `-o {SASL}=yes` into the services for users in master.cf, and `no` here",
            parameter=SASL,
            related=tuple(
                Related(service.fields[0].location(), "users connect here") for service in services
            ),
            services=(view.id,) if view.service is not None else (),
            fix=_fix(config, setting),
        )


def _for_users(config: Configuration) -> list[Service]:
    """The services on ports for users, on which they can log in."""
    return [
        server.view.service
        for server in listeners(config)
        if server.view.service is not None
        and is_for_submission(server.view)
        and server.reach == NETWORK
        and server.view.boolean(SASL)
    ]


def _fix(config: Configuration, setting: Setting) -> Fix | None:
    """Switch it off, where no service for users takes it from there."""

    def takes(view: View) -> bool:
        return is_for_submission(view) and view.setting(SASL) is setting

    if any(map(takes, config.views)):
        return None
    return Fix("offer no login on port 25", (Edit(setting.value.location(), "no"),), safe=False)
