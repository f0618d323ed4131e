"""A server on port 465 that does not begin with TLS.

## What happens
Mail programs that connect to port 465 begin to negotiate TLS at once. This smtpd says `220` in clear text, as
on port 25, and waits for a command: the program shows an error, or waits until it gives up. Nobody can send.

## Bad
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_tls_security_level = may
smtpd_tls_chain_files = /etc/postfix/server.pem
smtpd_tls_auth_only = yes
```
```master.cf smtps-service-needs-wrappermode@1
465 inet n - n - - smtpd
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
smtpd_tls_auth_only = yes
```
```master.cf
465 inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
  -o smtpd_sasl_auth_enable=yes
  -o { smtpd_relay_restrictions = permit_sasl_authenticated, reject }
```

## What Postfix says
```witness rcpt somebody@elsewhere.example port=2
554 5.7.1 <somebody@elsewhere.example>: Recipient address rejected: Access denied
```

## When it is right
Behind a program that speaks TLS in the place of Postfix, such as a load balancer. With
`smtpd_upstream_proxy_protocol`, and on a loopback address, the rule says nothing.

## References
- RFC 8314, section 3.3; TLS_README; postconf(5) smtpd_tls_wrappermode
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Edit, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix.listening import LOOPBACK, reach
from maillint.postfix.master import COMMAND, NAME

from .._chain import set_here
from ._entries import PLAIN_465
from ._ports import PROXY, WRAPPERMODE, servers_on

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, View


@rule(severity=ERROR, area="master", complete=True, noted=("maillint_rules.master._entries", PLAIN_465))
def smtps_service_needs_wrappermode(config: Configuration) -> Iterator[Finding]:
    if config.main is None:
        return  # It may be set there.
    for view in servers_on(config, 465):
        if view.boolean(WRAPPERMODE) is not False or view.value(PROXY).text or reach(view) == LOOPBACK:
            continue
        assert view.service is not None
        yield Finding(
            view.service.fields[NAME].location(),
            "nobody can send through port 465: clients begin with TLS there, and this server greets them in"
            " clear text",
            mend=f"add `-o {WRAPPERMODE}=yes` to the service",
            parameter=WRAPPERMODE,
            services=(view.id,),
            related=set_here([view.setting(WRAPPERMODE)]),
            fix=_fix(view),
        )


def _fix(view: View) -> Fix:
    """Set it where it is switched off in the entry; else put it behind the command."""
    service, title = view.service, f"add `-o {WRAPPERMODE}=yes`"
    assert service is not None
    own = view.overrides.get(WRAPPERMODE)
    if own is not None:
        return Fix(title, (Edit(own.value.location(), "yes"),))
    end = service.fields[COMMAND].location().span.end
    return Fix(title, (Edit.insert(service.source, end, f" -o {WRAPPERMODE}=yes"),))
