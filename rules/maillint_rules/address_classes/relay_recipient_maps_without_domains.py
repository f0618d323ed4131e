"""A table of recipients for domains that are not relayed.

## What happens
`relay_recipient_maps` says which addresses exist in the domains of `relay_domains`. Where that is empty,
nobody looks into the table, and mail for these recipients is answered `454 4.7.1 Relay access denied`.

## Bad
```main.cf relay-recipient-maps-without-domains@4
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
relay_recipient_maps = lmdb:/etc/postfix/relay_recipients
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
relay_domains = example.net
relay_recipient_maps = lmdb:/etc/postfix/relay_recipients
transport_maps = inline:{ example.net=relay:[mail.example.net] }
```

## When it is right
Never, but it does no harm.

## References
- postconf(5) relay_recipient_maps, relay_domains
- Postfix source: smtpd/smtpd_check.c (check_rcpt_maps)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, Finding
from maillint.engine.rule import VIEW, rule

from .._words import NO_RELAY_DOMAINS

if TYPE_CHECKING:
    from maillint.postfix.configuration import View


@rule(
    severity=INFO,
    area="address-classes",
    parameters=("relay_recipient_maps",),
    when_set=True,
    noted=("maillint_rules._words", NO_RELAY_DOMAINS),
    complete=True,
    each=VIEW,
)
def relay_recipient_maps_without_domains(view: View) -> Iterator[Finding]:
    value = view.value("relay_recipient_maps")
    relayed = view.configuration.main_view.value("relay_domains")
    if value.setting is None or not value.text or relayed.text != "" or relayed.undefined:
        return
    yield Finding(
        value.setting.value.location(),
        "nobody looks into this table: it is about the recipients in `relay_domains`, which is empty",
        mend="write the domains into `relay_domains`, or remove the line",
        parameter="relay_recipient_maps",
    )
