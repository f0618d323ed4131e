"""The path of the login server belongs to the other type of SASL.

## What happens
With `smtpd_sasl_type = cyrus`, the usual default, `smtpd_sasl_path` is the name of a file of Cyrus SASL:
`private/auth` is a file `private/auth.conf` that is not there, and Dovecot is never asked. With `dovecot` it
is a socket, and `smtpd`, the default, is one that nobody listens at: smtpd ends with a fatal error for every
client, also for other mail servers.

## Bad
```main.cf sasl-type-path-mismatch@5
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_sasl_auth_enable = yes
smtpd_sasl_path = private/auth
smtpd_tls_security_level = encrypt
smtpd_tls_chain_files = /etc/postfix/server.pem
```
```master.cf
587 inet n - n - - smtpd
  -o { smtpd_relay_restrictions = permit_sasl_authenticated, reject }
```

### The reverse
```main.cf sasl-type-path-mismatch@5
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_security_options = noanonymous, noplaintext
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
smtpd_tls_auth_only = yes
smtpd_tls_security_level = may
smtpd_tls_chain_files = /etc/postfix/server.pem
```
```master.cf
smtp inet n - n - - smtpd
```

## What Postfix says
```witness knock bad=2
postfix/smtpd: warning: SASL: Connect to Dovecot auth socket 'smtpd' failed: No such file or directory
postfix/smtpd: fatal: no SASL authentication mechanisms
```

## When it is right
Where Postfix was built with another default of `smtpd_sasl_type`, as in Alpine Linux; the finding says so
with less confidence then.

## References
- SASL_README, "Configuring SASL authentication in the Postfix SMTP server"; postconf(5) smtpd_sasl_path
- Postfix source: xsasl/xsasl_cyrus_server.c, xsasl/xsasl_dovecot_server.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, HIGH, MEDIUM, Finding, Fix
from maillint.engine.rule import rule

from .._chain import set_here
from .._edits import settings_written
from .._uses import ids, shown
from ._logins import CYRUS, DOVECOT, MISMATCH, PATH, TYPE, causes, is_mismatched

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, View
    from maillint.syntax.tree import Setting


@rule(
    severity=ERROR,
    area="sasl",
    parameters=(PATH, TYPE),
    when_set=True,
    complete=True,
    noted=("maillint_rules.sasl._logins", MISMATCH),
)
def sasl_type_path_mismatch(config: Configuration) -> Iterator[Finding]:
    for setting, views in causes(config, _asks_cyrus_for_socket, PATH):
        chosen = views[0].setting(TYPE)
        yield Finding(
            setting.value.location(),
            f"{shown(views[0].value(PATH).text or '')} is the socket of a Dovecot server, and the SASL type"
            f" is `{CYRUS}`: it is never asked, and nobody can log in",
            mend=f"write `{TYPE} = {DOVECOT}`",
            confidence=MEDIUM if chosen is None else HIGH,
            parameter=PATH,
            services=ids(views),
            related=set_here((chosen,)),
            fix=_fix(setting, views[0], TYPE, DOVECOT, safe=True),
        )
    for setting, views in causes(config, _asks_dovecot_for_nothing, TYPE):
        yield Finding(
            setting.value.location(),
            "smtpd ends with a fatal error for every client: it looks for the socket of Dovecot in the file"
            f" `{views[0].value(PATH).text}` of the queue directory, the default of `{PATH}`",
            mend=f"write `{PATH} = private/auth`, if that is where Dovecot listens",
            parameter=TYPE,
            services=ids(views),
            related=set_here((views[0].setting(PATH),)),
            fix=_fix(setting, views[0], PATH, "private/auth", safe=False),
        )


def _asks_cyrus_for_socket(view: View) -> bool:
    return is_mismatched(view) and view.value(TYPE).text == CYRUS


def _asks_dovecot_for_nothing(view: View) -> bool:
    return is_mismatched(view) and view.value(TYPE).text == DOVECOT


def _fix(beside: Setting, view: View, name: str, text: str, *, safe: bool) -> Fix | None:
    edits = settings_written(view, {name: text}, beside)
    return Fix(f"write `{name} = {text}`", edits, safe=safe) if edits is not None else None
