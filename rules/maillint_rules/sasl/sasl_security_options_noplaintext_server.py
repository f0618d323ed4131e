"""Dovecot's usual logins are left out under TLS, too.

## What happens
`noplaintext` leaves out the mechanisms PLAIN and LOGIN, and a Dovecot that is not told otherwise has no
others: users hear that there is no common login. It is meant for `smtpd_sasl_security_options`, for logins
without TLS; `smtpd_sasl_tls_security_options`, for those with TLS, has the same value unless it is set.

## Bad
```main.cf sasl-security-options-noplaintext-server@7
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
smtpd_sasl_security_options = noanonymous, noplaintext
smtpd_tls_security_level = may
smtpd_tls_chain_files = /etc/postfix/server.pem
```
```master.cf
smtp inet n - n - - smtpd
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
smtpd_sasl_security_options = noanonymous, noplaintext
smtpd_sasl_tls_security_options = noanonymous
smtpd_tls_security_level = may
smtpd_tls_chain_files = /etc/postfix/server.pem
```
```master.cf
smtp inet n - n - - smtpd
```

### Dovecot has others
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
smtpd_sasl_security_options = noanonymous, noplaintext
smtpd_tls_security_level = may
smtpd_tls_chain_files = /etc/dovecot/server.pem
```
```master.cf
smtp inet n - n - - smtpd
```
```../dovecot/dovecot.conf
auth_mechanisms = plain scram-sha-256
service auth {
  unix_listener /var/spool/postfix/private/auth {
    mode = 0660
    user = postfix
  }
}
```

## When it is right
Where Dovecot's `auth_mechanisms` has others, such as SCRAM-SHA-256, and all mail programs know them. Where
Dovecot's files are beside those of Postfix, they tell.

## References
- SASL_README, "Encrypted SMTP session"; postconf(5) smtpd_sasl_tls_security_options
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import MEDIUM, WARNING, Finding, Fix
from maillint.engine.rule import rule

from .._edits import settings_written
from .._uses import ids
from ._logins import NO_PLAINTEXT, OPTIONS, TLS_OPTIONS, lacks_plaintext, servers

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, View
    from maillint.syntax.tree import Setting

_MEANT = "noanonymous"


@rule(
    severity=WARNING,
    area="sasl",
    parameters=(OPTIONS, TLS_OPTIONS),
    when_set=True,
    complete=True,
    noted=("maillint_rules.sasl._logins", NO_PLAINTEXT),
)
def sasl_security_options_noplaintext_server(config: Configuration) -> Iterator[Finding]:
    causes: dict[Setting, list[View]] = {}
    for view in servers(config):
        setting = view.setting(TLS_OPTIONS) or view.setting(OPTIONS)
        if setting is not None and lacks_plaintext(view):
            causes.setdefault(setting, []).append(view)
    for setting, views in causes.items():
        yield Finding(
            setting.value.location(),
            "no login with PLAIN or LOGIN is offered under TLS either, and Dovecot has no others unless"
            " `auth_mechanisms` names them",
            mend=f"write `{TLS_OPTIONS} = {_MEANT}`",
            confidence=MEDIUM,
            parameter=setting.name,
            services=ids(views),
            fix=_fix(setting, views[0]),
        )


def _fix(setting: Setting, view: View) -> Fix | None:
    edits = settings_written(view, {TLS_OPTIONS: _MEANT}, setting)
    return Fix(f"write `{TLS_OPTIONS} = {_MEANT}`", edits) if edits is not None else None
