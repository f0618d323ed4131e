"""Users are to log in under TLS only, and the server has no TLS.

## What happens
With `smtpd_tls_auth_only = yes` smtpd offers a login after STARTTLS alone, and without
`smtpd_tls_security_level` there is no STARTTLS. Mail programs report that the server has no authentication;
nobody can send.

## Bad
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_tls_auth_only = yes
```
```master.cf auth-only-without-tls@2
submission inet n - n - - smtpd
  -o smtpd_sasl_auth_enable=yes
  -o { smtpd_relay_restrictions = permit_sasl_authenticated, reject }
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_tls_auth_only = yes
smtpd_tls_chain_files = /etc/postfix/server.pem
```
```master.cf
submission inet n - n - - smtpd
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_tls_security_level=encrypt
  -o { smtpd_relay_restrictions = permit_sasl_authenticated, reject }
```

## When it is right
Never.

## References
- postconf(5) smtpd_tls_auth_only, smtpd_tls_security_level
- Postfix source: smtpd/smtpd.c (ehlo_cmd)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule

from .._chain import set_here
from .._uses import ids
from ._logins import AUTH_ONLY, NO_TLS, SASL, causes, lacks_tls

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_LEVEL = "smtpd_tls_security_level"


@rule(
    severity=ERROR,
    area="sasl",
    parameters=(AUTH_ONLY,),
    when_set=True,
    complete=True,
    noted=("maillint_rules.sasl._logins", NO_TLS),
)
def auth_only_without_tls(config: Configuration) -> Iterator[Finding]:
    for setting, views in causes(config, lacks_tls, SASL):
        yield Finding(
            setting.value.location(),
            f"nobody can log in: `{AUTH_ONLY}` asks for TLS, and this server has none",
            mend=f"set a certificate, and `{_LEVEL} = encrypt` for the service",
            parameter=SASL,
            services=ids(views),
            related=set_here((views[0].setting(AUTH_ONLY), views[0].setting(_LEVEL))),
        )
