"""A server on port 25 or 587 that begins with TLS.

## What happens
With `smtpd_tls_wrappermode`, smtpd says nothing until the client has begun to negotiate TLS. On the ports 25
and 587 clients wait for its greeting in clear text, and ask for TLS with STARTTLS: both wait until they give
up. On port 25, no mail comes in.

## Bad
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_tls_chain_files = /etc/postfix/server.pem
```
```master.cf wrappermode-on-starttls-service@2
submission inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o { smtpd_relay_restrictions = permit_sasl_authenticated, reject }
```

### In main.cf, for all ports
```main.cf wrappermode-on-starttls-service@5
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_tls_chain_files = /etc/postfix/server.pem
smtpd_tls_wrappermode = yes
```
```master.cf
smtp inet n - n - - smtpd
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_tls_chain_files = /etc/postfix/server.pem
smtpd_tls_wrappermode = yes
```
```master.cf
submission inet n - n - - smtpd
  -o smtpd_tls_wrappermode=no
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o { smtpd_relay_restrictions = permit_sasl_authenticated, reject }
465 inet n - n - - smtpd
  -o smtpd_sasl_auth_enable=yes
  -o { smtpd_relay_restrictions = permit_sasl_authenticated, reject }
```

## When it is right
Never.

## References
- RFC 8314, section 3.3; RFC 3207; postconf(5) smtpd_tls_wrappermode
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Edit, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix.master import NAME

from .._chain import set_here
from .._told import told
from ._entries import WRAPPED
from ._ports import WRAPPERMODE, servers_on

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, View
    from maillint.syntax.tree import Setting


@rule(severity=ERROR, area="master", noted=("maillint_rules.master._entries", WRAPPED))
def wrappermode_on_starttls_service(config: Configuration) -> Iterator[Finding]:
    causes: dict[Setting, list[View]] = {}
    for view in servers_on(config, 25, 587):
        setting = view.setting(WRAPPERMODE)
        if setting is None or not view.boolean(WRAPPERMODE) or told(view.value(WRAPPERMODE)):
            continue
        if not _is_left_over(setting):
            causes.setdefault(setting, []).append(view)
    for setting, views in causes.items():
        ports = " and ".join(f"`{view.service.fields[NAME].text}`" for view in views if view.service)
        yield Finding(
            setting.value.location(),
            f"nobody can talk to {ports}: clients wait there for a greeting in clear text, and this server"
            " waits for TLS",
            mend=f"write `{WRAPPERMODE} = no`, and require TLS with `smtpd_tls_security_level = encrypt`"
            " where users log in",
            parameter=WRAPPERMODE,
            services=tuple(view.id for view in views),
            related=set_here(views[0].value(WRAPPERMODE).chain[1:]),
            fix=_fix(setting),
        )


def _is_left_over(setting: Setting) -> bool:
    """Whether a comment stands between it and its service, perhaps the head of another entry.

    Rule master-commented-head speaks of that.
    """
    service = setting.service
    return service is not None and "\n#" in service.source.text[service.span.start : setting.span.start]


def _fix(setting: Setting) -> Fix | None:
    """In main.cf it may be meant for port 465."""
    if setting.service is None or "$" in setting.value.text:
        return None
    return Fix("write `no`", (Edit(setting.value.location(), "no"),), safe=False)
