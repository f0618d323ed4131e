"""Mail is taken for users of the host who do not exist.

## What happens
With `local_recipient_maps` empty smtpd no longer asks whether a user exists: it accepts mail for every name
in `mydestination`. Delivery finds no such user, and the mail goes back to its sender. Of spam, which
guesses names, the sender is forged: the bounces go to innocent people (backscatter), and the host ends on
blocklists.

By default smtpd knows the accounts of the host and its aliases.

## Bad
```main.cf local-recipient-maps-empty@5
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
mydestination = $myhostname, $mydomain, localhost
local_recipient_maps =
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
mydestination = $myhostname, $mydomain, localhost
```

```main.cf
# One user gets all that is for nobody.
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
mydestination = $myhostname, $mydomain, localhost
local_recipient_maps =
luser_relay = anna@example.com
```

```main.cf
# Nobody else can send to it.
compatibility_level = 3.6
myhostname = web01.example.com
myorigin = $mydomain
mydestination = $myhostname, localhost
inet_interfaces = loopback-only
local_recipient_maps =
```

## When it is right
Where `luser_relay` or `fallback_transport` takes what is for nobody, or a milter refuses it.

## References
- LOCAL_RECIPIENT_README; BACKSCATTER_README; postconf(5) local_recipient_maps
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import MEDIUM, WARNING, Edit, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix.role_facts import facts_of

from ._recipients import unasking_servers

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.syntax.tree import Setting

_USERS = "local_recipient_maps"
_TAKERS = ("luser_relay", "fallback_transport", "fallback_transport_maps")
_STORES = ("mailbox_transport", "mailbox_transport_maps")
"""Set, they hand mail to a store that may have users of its own."""


@rule(
    severity=WARNING,
    area="address-classes",
    parameters=(_USERS,),
    when_set=True,
    noted=("maillint_rules._words", f"{_USERS} ="),
    complete=True,
)
def local_recipient_maps_empty(config: Configuration) -> Iterator[Finding]:
    facts, main = facts_of(config), config.main_view
    if any(main.value(name).text != "" for name in _TAKERS):
        return
    if not (facts.keeps_mail.holds and facts.is_exchange.holds and facts.admits_strangers.holds):
        return
    has_store = any(main.value(name).text != "" for name in _STORES)
    has_store |= main.is_set("local_transport")
    for view in unasking_servers(config):
        setting = view.setting(_USERS)
        if setting is None or setting.value.text:
            continue
        yield Finding(
            setting.name_location,
            "mail to any name in `mydestination` is accepted, and that for users who do not exist goes back"
            " to senders who may be forged",
            mend=f"name a table of the users in `{_USERS}`" if has_store else f"remove `{_USERS} =`",
            confidence=MEDIUM,
            parameter=_USERS,
            services=(view.id,) if view.service is not None else (),
            fix=None if has_store else _fix(setting),
        )


def _fix(setting: Setting) -> Fix | None:
    if setting.service is not None:
        return None
    return Fix(f"remove `{_USERS}`", (Edit(setting.location, ""),), safe=False)
