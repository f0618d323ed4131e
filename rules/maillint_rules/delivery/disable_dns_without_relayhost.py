"""The client does not ask the DNS where mail goes, and no relay does it instead.

## What happens
With `smtp_dns_support_level = disabled`, or the older `disable_dns_lookups = yes`, smtp(8) does not look for
the mail servers (MX) of a domain. It takes the domain for the name of a host: mail for `user@example.org`
goes to the address of `example.org`, which most often is a web server, and comes back.

## Bad
```main.cf disable-dns-without-relayhost@3
myhostname = mail.example.com
myorigin = $mydomain
smtp_dns_support_level = disabled
```

```main.cf disable-dns-without-relayhost@3 deprecated-parameter@3
myhostname = mail.example.com
myorigin = $mydomain
disable_dns_lookups = yes
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
relayhost = [192.0.2.25]
smtp_dns_support_level = disabled
```

## When it is right
On a closed network whose domains are the names of their mail hosts.

## References
- postconf(5) smtp_dns_support_level, disable_dns_lookups
- Postfix source: smtp/smtp_connect.c smtp_connect_inet()
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule
from maillint.postfix.smarthost import asks_for_mail_servers, routes

from .._told import told
from .._uses import ids
from ._smarthosts import BLIND, MODULE

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_SUPPORT = "smtp_dns_support_level"
_OLD = "disable_dns_lookups"


@rule(
    severity=ERROR,
    area="delivery",
    parameters=(_SUPPORT, _OLD),
    when_set=True,
    complete=True,
    noted=(MODULE, BLIND),
)
def disable_dns_without_relayhost(config: Configuration) -> Iterator[Finding]:
    for view in routes(config).direct:
        value = view.value(_SUPPORT if view.value(_SUPPORT).text else _OLD)
        if asks_for_mail_servers(view) is not False or value.setting is None or told(value):
            continue
        yield Finding(
            value.setting.value.location(),
            "mail for other domains goes to the address of the domain, not to its mail servers, for which the"
            " client does not ask the DNS; most of it comes back",
            mend=f"remove `{value.setting.name}`, or write `relayhost = [HOST]` with a host that asks",
            parameter=value.setting.name,
            services=ids([view]),
        )
