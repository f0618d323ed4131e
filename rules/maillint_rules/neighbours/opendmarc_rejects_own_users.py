"""OpenDMARC judges the mail of users who have logged in, and rejects it.

## What happens
A user sends from an address at home that no SPF record names, and the mail has no signature yet when
OpenDMARC sees it, or one that it has not verified. So it fails the policy of the own domain, and with
`RejectFailures` OpenDMARC has Postfix refuse it: `550 5.7.1 rejected by DMARC policy`. Its authors have an
option for that, `IgnoreAuthenticatedClients`, which is off unless it is set.

## Bad
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_milters = inet:localhost:8893
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
smtpd_tls_chain_files = /etc/postfix/server.pem
```
```master.cf
smtp inet n - y - - smtpd
  -o smtpd_tls_security_level=may
submission inet n - y - - smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o { smtpd_relay_restrictions = permit_sasl_authenticated, reject }
  -o { smtpd_sender_login_maps = inline:{ anna@example.com=anna } }
  -o { smtpd_sender_restrictions = reject_sender_login_mismatch }
```
```../opendmarc.conf opendmarc-rejects-own-users@2
Socket          inet:8893@localhost
RejectFailures  true
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_milters = inet:localhost:8893
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
smtpd_tls_chain_files = /etc/postfix/server.pem
```
```master.cf
smtp inet n - y - - smtpd
  -o smtpd_tls_security_level=may
submission inet n - y - - smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o { smtpd_relay_restrictions = permit_sasl_authenticated, reject }
  -o { smtpd_sender_login_maps = inline:{ anna@example.com=anna } }
  -o { smtpd_sender_restrictions = reject_sender_login_mismatch }
```
```../opendmarc.conf
Socket                      inet:8893@localhost
RejectFailures              true
IgnoreAuthenticatedClients  true
```

## When it is right
Where all users are on networks that `IgnoreHosts` names.

## References
- opendmarc.conf(5) IgnoreAuthenticatedClients, IgnoreHosts, RejectFailures
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Edit, Finding, Fix, Related
from maillint.engine.rule import rule
from maillint.postfix.milters import SMTPD
from maillint.syntax.source import Location, Span

from .._uses import ids
from ..sasl._logins import offers_login
from ._around import AROUND, OPENDMARC, confidence
from ._milters import asks

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_IGNORE = "IgnoreAuthenticatedClients"


@rule(
    severity=ERROR,
    area="neighbours",
    parameters=(SMTPD,),
    when_set=True,
    complete=True,
    noted=(AROUND, OPENDMARC),
)
def opendmarc_rejects_own_users(config: Configuration) -> Iterator[Finding]:
    opendmarc = config.neighbours.opendmarc
    if opendmarc is None or opendmarc.is_on("rejectfailures") is not True:
        return
    if opendmarc.is_on(_IGNORE) is not False or opendmarc.entry("ignorehosts") is not None:
        return
    rejects, ignores = opendmarc.entry("rejectfailures"), opendmarc.entry(_IGNORE)
    for one in asks(config, OPENDMARC):
        views = [view for view in one.views if one.parameter == SMTPD and offers_login(view)]
        if not views or rejects is None:
            continue
        if ignores is not None:
            fix = Fix.write(ignores.value.location(), "true")
        else:
            end = rejects.value.span.end
            edit = Edit(Location(rejects.source, Span(end, end)), f"\n{_IGNORE} true")
            fix = Fix(f"add `{_IGNORE} true`", (edit,))
        yield Finding(
            (ignores or rejects).value.location(),
            "OpenDMARC rejects the mail of users who have logged in: SPF does not name the addresses that"
            " they send from",
            mend=f"write `{_IGNORE} true`",
            confidence=confidence(config),
            parameter=SMTPD,
            services=ids(views),
            related=(Related(one.location, "here Postfix asks OpenDMARC"),),
            fix=fix,
        )
        return
