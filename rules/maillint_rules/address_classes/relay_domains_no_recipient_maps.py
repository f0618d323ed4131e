"""A host that passes mail on takes it for addresses that do not exist.

## What happens
The mailboxes of `relay_domains` are on another server, and this host has no list of them:
`relay_recipient_maps` is empty, so that every address is accepted. The next server refuses those that do
not exist, and this host returns the mail to its sender. Of spam, which guesses addresses, the sender is
forged: the bounces go to innocent people (backscatter), and the host ends on blocklists.

A list of the recipients (a text table by cron, or a query to the directory) ends that.
`reject_unverified_recipient` asks the next server instead, before the mail is accepted.

## Bad
```main.cf relay-domains-no-recipient-maps@4
compatibility_level = 3.6
myhostname = mx2.example.net
myorigin = $myhostname
relay_domains = example.org, example.com
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mx2.example.net
myorigin = $myhostname
relay_domains = example.org, example.com
relay_recipient_maps = lmdb:/etc/postfix/relay_recipients
```

```main.cf
compatibility_level = 3.6
myhostname = mx2.example.net
myorigin = $myhostname
relay_domains = example.org, example.com
smtpd_recipient_restrictions = permit_mynetworks, reject_unauth_destination, reject_unverified_recipient
unverified_recipient_reject_code = 550
```

## When it is right
Where a milter refuses unknown recipients while the client waits, and where the next server takes every
address.

## References
- BACKSCATTER_README; ADDRESS_CLASS_README, "The relay domain class"; ADDRESS_VERIFICATION_README
- postconf(5) relay_recipient_maps
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import MEDIUM, WARNING, Finding
from maillint.engine.rule import rule
from maillint.postfix.role import MX
from maillint.postfix.role_facts import facts_of
from maillint.postfix.services import delivering_program

from .._told import told
from .._words import NO_RECIPIENTS
from ._recipients import unasking_servers

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_DOMAINS, _RECIPIENTS = "relay_domains", "relay_recipient_maps"


@rule(
    severity=WARNING,
    area="address-classes",
    parameters=(_DOMAINS,),
    when_set=True,
    noted=("maillint_rules._words", NO_RECIPIENTS),
    complete=True,
    roles=(MX,),
)
def relay_domains_no_recipient_maps(config: Configuration) -> Iterator[Finding]:
    value = config.main_view.value(_DOMAINS)
    if value.setting is None or told(value) or not facts_of(config).relay_domains.holds:
        return
    views = unasking_servers(config)
    if not views or any(view.value(_RECIPIENTS).text != "" for view in views) or not _goes_to_server(config):
        return
    yield Finding(
        value.setting.value.location(),
        "mail to any address in these domains is accepted, and what the next server refuses goes back to"
        f" senders who may be forged: `{_RECIPIENTS}` is empty",
        mend=f"name a table of the recipients in `{_RECIPIENTS}`, or write `reject_unverified_recipient` into"
        " `smtpd_recipient_restrictions`",
        confidence=MEDIUM,
        parameter=_DOMAINS,
    )


def _goes_to_server(config: Configuration) -> bool:
    """Whether it is a mail server that takes the mail, and no program, which may want every address."""
    name = (config.main_view.value("relay_transport").text or "").partition(":")[0]
    return delivering_program(config, name) in ("smtp", "lmtp")
