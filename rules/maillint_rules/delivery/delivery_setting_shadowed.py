"""A setting for local mailboxes that a stronger one leaves without effect.

## What happens
local(8) delivers in one way: by `mailbox_transport`, else by `mailbox_command`, else into `home_mailbox`,
else into `mail_spool_directory`. The first that is set takes the mail of all users, and those behind it are
never looked at. With `mailbox_command = procmail` and `home_mailbox = Maildir/`, procmail alone says where
mail goes, and by default that is `/var/mail`.

The tables `mailbox_transport_maps` and `mailbox_command_maps` are for the users that they name.

## Bad
```main.cf delivery-setting-shadowed@3
myhostname = mail.example.com
myorigin = $mydomain
home_mailbox = Maildir/
mailbox_command = /usr/bin/procmail
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
home_mailbox = Maildir/
mailbox_command =
```

```main.cf
myhostname = mail.example.com
myorigin = $mydomain
home_mailbox = Maildir/
mailbox_command_maps = inline:{ anna=/usr/bin/procmail }
```

## When it is right
Where it is kept for the day on which the stronger one goes.

## References
- postconf(5) mailbox_transport, mailbox_command, home_mailbox, mail_spool_directory; local(8)
- Postfix source: local/mailbox.c deliver_mailbox()
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, Finding
from maillint.engine.rule import rule
from maillint.postfix.services import views_of

from .._chain import set_here
from .._told import told
from .._uses import ids
from .._words import LOCAL_DELIVERY, SHADOWED

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_USUAL = ("/var/mail", "/var/spool/mail")
"""Where the system has mailboxes anyway."""


@rule(
    severity=INFO,
    area="delivery",
    parameters=LOCAL_DELIVERY[1:],
    when_set=True,
    noted=("maillint_rules._words", SHADOWED),
)
def delivery_setting_shadowed(config: Configuration) -> Iterator[Finding]:
    for view in views_of(config, "local"):
        values = {name: view.value(name) for name in LOCAL_DELIVERY}
        chosen = (name for name, value in values.items() if value.setting is not None and value.text != "")
        winner = next(chosen, "")
        if not winner or values[winner].text is None or told(values[winner]):
            continue
        for name in LOCAL_DELIVERY[LOCAL_DELIVERY.index(winner) + 1 :]:
            value = values[name]
            if value.setting is None or value.text in (None, "", *_USUAL) or told(value):
                continue
            yield Finding(
                value.setting.name_location,
                f"`{name}` has no effect: `{winner}` takes the mail of all local users",
                mend=f"remove the one that is not meant; `{winner} =` would let this one work",
                parameter=name,
                related=set_here((values[winner].setting,)),
                services=ids([view]),
            )
