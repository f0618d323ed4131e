"""Mail to a user at localhost leaves the host.

## What happens
`mydestination` is set without `localhost`, and no other list has it. Mail that a program writes to
`root@localhost` is then mail for another host: it goes to the relay, or Postfix looks for the mail server of
`localhost`, finds itself, and returns the mail (`mail for localhost loops back to myself`).

## Bad
```main.cf mydestination-lacks-localhost@3
myhostname = mail.example.com
myorigin = $mydomain
mydestination = $myhostname, $mydomain
compatibility_level = 3.6
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
mydestination = $myhostname, $mydomain, localhost
compatibility_level = 3.6
```

```main.cf
# No mail stays on this host.
myhostname = web01.example.com
myorigin = $mydomain
mydestination =
local_transport = error:no mail is kept here
inet_interfaces = loopback-only
relayhost = [smtp.example.com]
compatibility_level = 3.6
```

## When it is right
Where no program writes to such an address.

## References
- postconf(5) mydestination
- BASIC_CONFIGURATION_README, "What domains to receive mail for"
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, Finding, Fix
from maillint.engine.rule import rule

from .._items import appended
from ._lists import MISSPELT, NO_LOCALHOST, missing_localhost, misspelt_localhosts

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(
    severity=INFO,
    area="address-classes",
    parameters=("mydestination",),
    when_set=True,
    complete=True,
    noted=("maillint_rules.address_classes._lists", NO_LOCALHOST, MISSPELT),
)
def mydestination_lacks_localhost(config: Configuration) -> Iterator[Finding]:
    for found in missing_localhost(config):
        setting = found.value.setting
        if setting is None or any(meant == "localhost" for _, meant in misspelt_localhosts(config)):
            return
        yield Finding(
            setting.value.location(),
            "mail to a user at `localhost`, as programs write it, leaves the host or comes back",
            mend="add `localhost` to `mydestination`",
            parameter="mydestination",
            fix=Fix("add `localhost`", (appended(setting, "localhost"),)),
        )
