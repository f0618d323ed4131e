"""The host keeps no mail, and its aliases say that it should.

## What happens
With `mydestination` empty nothing is delivered by local(8), so `alias_maps` and the mailboxes of the
accounts are never used. Mail that cron and other programs write to `root` is for `root@` and the host's own
name (`myorigin`), which is now the domain of another server: Postfix looks for it, finds this host, and
returns the mail or keeps it for days.

A null client, which keeps nothing on purpose, has a `relayhost` that knows what to do with such mail.

## Bad
```main.cf mydestination-empty-with-local-delivery@4
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $myhostname
mydestination =
alias_maps = hash:/etc/aliases
virtual_mailbox_domains = example.org
virtual_mailbox_maps = lmdb:/etc/postfix/mailboxes
virtual_transport = lmtp:unix:private/dovecot-lmtp
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $myhostname
mydestination = $myhostname, localhost
alias_maps = hash:/etc/aliases
virtual_mailbox_domains = example.org
virtual_mailbox_maps = lmdb:/etc/postfix/mailboxes
virtual_transport = lmtp:unix:private/dovecot-lmtp
```

```main.cf
# A null client.
compatibility_level = 3.6
myhostname = app01.example.com
myorigin = $myhostname
mydestination =
alias_maps = hash:/etc/aliases
relayhost = [mail.example.com]
inet_interfaces = loopback-only
```

```main.cf
# The mail of its programs is for another domain.
compatibility_level = 3.6
myhostname = app01.example.com
myorigin = $mydomain
mydestination =
alias_maps = hash:/etc/aliases
inet_interfaces = loopback-only
```

## When it is right
Where no program on the host sends mail, and where the MX record of the host's name is another host.

## References
- postconf(5) mydestination, myorigin; STANDARD_CONFIGURATION_README, "Postfix on a null client"
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import MEDIUM, WARNING, Finding
from maillint.engine.rule import rule
from maillint.postfix.address_class import FOREIGN, Domains
from maillint.postfix.domains import domain_lists
from maillint.postfix.route import DIRECT, default_route
from maillint.postfix.sender import program_sender

from .._chain import set_here

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_OWN, _ALIASES = "mydestination", "alias_maps"


@rule(
    severity=WARNING,
    area="address-classes",
    parameters=(_OWN,),
    when_set=True,
    noted=("maillint_rules._words", f"{_OWN} ="),
    complete=True,
)
def mydestination_empty_with_local_delivery(config: Configuration) -> Iterator[Finding]:
    view = config.main_view
    value, aliases = view.value(_OWN), view.value(_ALIASES)
    if value.setting is None or value.setting.value.text:
        return
    if aliases.setting is None or not aliases.text or view.is_set("local_transport"):
        return
    sender = program_sender(config)
    name = (view.value("myhostname").text or "").lower()
    if sender is None or sender.domain != name or default_route(config).kind != DIRECT:
        return
    if view.value("virtual_alias_maps").text != "" or not _is_nowhere(config, name):
        return
    yield Finding(
        value.setting.name_location,
        f"mail from cron and others to `root` is for `root@{name}`, a domain that no list has, so it comes"
        f" back or waits for days; nobody looks into `{_ALIASES}`",
        mend=f"write `{_OWN} = $myhostname, localhost`",
        confidence=MEDIUM,
        parameter=_OWN,
        related=set_here((aliases.setting, view.setting("myorigin"))),
    )


def _is_nowhere(config: Configuration, domain: str) -> bool:
    """Whether it is certain that no list has *domain*."""
    known = all(found.is_known for found in domain_lists(config).values())
    return known and Domains(config.main_view).of(domain).kind == FOREIGN
