"""Users may log in without TLS, so that their passwords can be read on the way.

## What happens
With the mechanisms PLAIN and LOGIN, which all mail programs use, the password is not encrypted. Where the
server offers a login before STARTTLS, a program that is set up wrongly, or that somebody on the way keeps
from STARTTLS, sends it in clear text. With `smtpd_tls_auth_only = yes` there is no login without TLS.

## Bad
```main.cf plaintext-auth@5
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_tls_security_level = may
smtpd_sasl_auth_enable = yes
smtpd_tls_chain_files = /etc/postfix/server.pem
```
```master.cf
smtp inet n - n - - smtpd
```

### Without any TLS
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
```
```master.cf plaintext-auth@2
submission inet n - n - - smtpd
  -o smtpd_sasl_auth_enable=yes
  -o { smtpd_relay_restrictions = permit_sasl_authenticated, reject }
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_tls_security_level = may
smtpd_tls_chain_files = /etc/postfix/server.pem
smtpd_sasl_auth_enable = yes
smtpd_tls_auth_only = yes
```
```master.cf
smtp inet n - n - - smtpd
465 inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
  -o smtpd_tls_auth_only=no
  -o { smtpd_relay_restrictions = permit_sasl_authenticated, reject }
```

### On this host alone, or without plaintext mechanisms
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
```
```master.cf
127.0.0.1:587 inet n - n - - smtpd
  -o smtpd_sasl_auth_enable=yes
  -o { smtpd_relay_restrictions = permit_sasl_authenticated, reject }
submission inet n - n - - smtpd
  -o smtpd_sasl_auth_enable=yes
  -o { smtpd_sasl_security_options = noanonymous, noplaintext }
  -o { smtpd_relay_restrictions = permit_sasl_authenticated, reject }
```

## When it is right
In a network that nobody else can listen to, such as that between containers of one host.

## References
- RFC 8314, section 3; SASL_README; postconf(5) smtpd_tls_auth_only
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix.tls import NONE, has_server_certificate, server_level

from .._edits import settings_written
from .._uses import ids
from ._logins import AUTH_ONLY, CLEARTEXT, SASL, causes, takes_cleartext

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, View
    from maillint.syntax.tree import Setting


@rule(
    severity=WARNING,
    area="sasl",
    parameters=(SASL,),
    when_set=True,
    complete=True,
    security=True,
    noted=("maillint_rules.sasl._logins", CLEARTEXT),
)
def plaintext_auth(config: Configuration) -> Iterator[Finding]:
    for setting, views in causes(config, takes_cleartext, SASL):
        without = all(map(_has_no_tls, views))
        yield Finding(
            setting.value.location(),
            "passwords of users come in clear text, for all on the way to read: this server has no TLS"
            if without
            else "passwords of users may come in clear text, for all on the way to read: the login is offered"
            " without TLS, too",
            mend=f"set a certificate, and write `smtpd_tls_security_level = may` and `{AUTH_ONLY} = yes`"
            if without
            else f"write `{AUTH_ONLY} = yes`",
            parameter=SASL,
            services=ids(views),
            fix=None if without else _fix(setting, views),
        )


def _has_no_tls(view: View) -> bool:
    return server_level(view) == NONE or has_server_certificate(view) is False


def _fix(setting: Setting, views: list[View]) -> Fix | None:
    """Where no other place says ``no``, and all have TLS: without it nobody could log in."""
    edits = settings_written(views[0], {AUTH_ONLY: "yes"}, setting)
    if edits is None or any(map(_has_no_tls, views)):
        return None
    return Fix(f"write `{AUTH_ONLY} = yes`", edits)
