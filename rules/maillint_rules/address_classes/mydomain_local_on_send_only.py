"""A host that receives nothing keeps the mail of its whole domain to itself.

## What happens
With `$mydomain` in `mydestination`, mail that programs on this host write to anybody `@example.com` is
delivered on this host: into a mailbox that nobody reads when the user exists here, and returned as
`unknown user` when not. The mailboxes of the domain are on another server, which this host never asks,
since it looks up no MX record for a domain that it calls its own. Other hosts cannot send to it: it
listens to programs on the same machine only, so it cannot be the mail server of the domain.

With `myorigin = $mydomain`, even mail to a plain `root` is for the domain; say where that goes with
`virtual_alias_maps`.

## Bad
```main.cf mydomain-local-on-send-only@4
myhostname = web01.example.com
myorigin = $mydomain
inet_interfaces = loopback-only
mydestination = $myhostname, localhost.$mydomain, localhost, $mydomain
```

```main.cf mydomain-local-on-send-only@3
myhostname = web01.example.com
myorigin = example.com
mydestination = localhost example.com
inet_interfaces = 127.0.0.1
```

## Good
```main.cf
myhostname = web01.example.com
myorigin = $mydomain
inet_interfaces = loopback-only
mydestination = $myhostname, localhost.$mydomain, localhost
```

```main.cf
# The mail server of the domain listens to the network.
myhostname = mail.example.com
myorigin = $mydomain
mydestination = $myhostname, localhost.$mydomain, localhost, $mydomain
```

## When it is right
Where a program on the same host fetches the domain's mail from elsewhere (fetchmail, getmail) or hands it
in over LMTP, and where an alias for every user sends it on.

## References
- postconf(5) mydestination
- BASIC_CONFIGURATION_README, "What domains to receive mail for"
- STANDARD_CONFIGURATION_README, "Postfix on a null client"
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import MEDIUM, WARNING, Finding, Fix, Related
from maillint.engine.rule import rule
from maillint.postfix.role import SEND_ONLY
from maillint.reserved import is_for_examples, reserved

from .._domains import is_qualified
from .._exchanges import ALONE
from .._items import without_item

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_KEPT_ON_PURPOSE = (
    "mailbox_transport",
    "fallback_transport",
    "luser_relay",
    "home_mailbox",
    "mailbox_command",
)
"""Set, they say that somebody reads mail here, or that unknown users' mail goes on."""


@rule(
    severity=WARNING,
    area="address-classes",
    parameters=("mydestination",),
    when_set=True,
    noted=("maillint_rules._exchanges", ALONE),
    complete=True,
    roles=(SEND_ONLY,),
)
def mydomain_local_on_send_only(config: Configuration) -> Iterator[Finding]:
    view = config.main_view
    setting = view.setting("mydestination")
    if setting is None or _keeps_on_purpose(config):
        return
    own = _domains_of_mail(config)
    for item in view.items("mydestination"):
        if not item.known or item.location is None or item.text.lower() not in own:
            continue
        interfaces = view.setting("inet_interfaces")
        yield Finding(
            item.location,
            f"mail from this host to anybody `@{item.text}` stays here, where nobody collects it: the host"
            " receives no mail from others, so the mailboxes of the domain are elsewhere",
            mend=f"leave `{item.location.text}` out of `mydestination`",
            confidence=MEDIUM,
            parameter="mydestination",
            related=(
                (Related(interfaces.value.location(), "only programs on this host can connect"),)
                if interfaces is not None
                else ()
            ),
            fix=Fix(
                f"leave `{item.location.text}` out of `mydestination`",
                (without_item(setting, item.location),),
                safe=False,
            ),
        )


def _keeps_on_purpose(config: Configuration) -> bool:
    view = config.main_view
    return view.value("local_transport").setting is not None or any(
        view.value(name).text != "" for name in _KEPT_ON_PURPOSE
    )


def _domains_of_mail(config: Configuration) -> set[str]:
    """The domains, other than the host's own name, that people may have mailboxes in."""
    host, *names = (config.main_view.value(name).text for name in ("myhostname", "mydomain", "myorigin"))
    found = {name.lower() for name in names if name and is_qualified(name)}
    found.discard((host or "").lower())
    return {name for name in found if is_for_examples(name) or reserved(name) is None}
