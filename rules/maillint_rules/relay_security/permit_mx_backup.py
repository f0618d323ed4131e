"""Strangers decide by their DNS what this host relays.

## What happens
`permit_mx_backup` takes mail for every domain whose MX records name this host, without a list of who is
meant. Whoever has a domain can add such a record: his mail, and all mail to addresses there that do not
exist, then waits in this queue, and this host sends the bounces. Postfix 3.9 and later log at each use that
it will be removed.

## Bad
```main.cf permit-mx-backup@1 fragment
smtpd_relay_restrictions = permit_mynetworks, permit_mx_backup, reject_unauth_destination
```

## Good
```main.cf fragment
relay_domains = example.net
relay_recipient_maps = hash:/etc/postfix/relay_recipients
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
```

## What Postfix says
```witness rcpt-as 203.0.113.9 user@example.net since=3.9
postfix/smtpd: warning: support for restriction "permit_mx_backup" will be removed from Postfix; ...
```

## When it is right
With `permit_mx_backup_networks`, which says whose primary mail servers are meant, until Postfix removes it.

## References
- postconf(5) permit_mx_backup, permit_mx_backup_networks; DEPRECATION_README
- Postfix source: smtpd/smtpd_check.c permit_mx_backup()
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, WARNING, Finding
from maillint.engine.rule import VIEW, rule

from .._chain import set_here
from ..restrictions._lists import LISTS, judged

if TYPE_CHECKING:
    from maillint.postfix.configuration import View

_WORD, _NETWORKS = "permit_mx_backup", "permit_mx_backup_networks"


@rule(
    severity=WARNING,
    area="relay-security",
    parameters=LISTS,
    when_set=True,
    noted=("maillint_rules.restrictions._lists", _WORD),
    each=VIEW,
    security=True,
)
def permit_mx_backup(view: View) -> Iterator[Finding]:
    is_bounded = view.value(_NETWORKS).text != ""
    for found in judged(view):
        fact = found.restriction.fact
        if found.restriction.name != _WORD or fact is None or fact.deprecated is None:
            continue
        is_deprecated = view.configuration.version.has(fact.deprecated)
        effect = (
            f"who has a primary mail server in `{_NETWORKS}` decides"
            if is_bounded
            else "whoever lets the MX records of his domain name this host decides"
        )
        yield Finding(
            found.location,
            f"{effect} what is relayed here"
            + (", and Postfix will remove the word, as it logs at each use" if is_deprecated else ""),
            mend="list the domains in `relay_domains`, and their addresses in `relay_recipient_maps`",
            severity=INFO if is_bounded and not is_deprecated else None,
            parameter=found.list.name,
            related=set_here((view.setting(_NETWORKS),)),
        )
