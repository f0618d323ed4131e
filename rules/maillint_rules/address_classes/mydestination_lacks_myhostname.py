"""The host does not take the mail for its own name.

## What happens
`mydestination` is set without `$myhostname`, and no other list has that name. Mail to a user at the host's
name, such as a bounce or a report to `root`, is then mail for another host: Postfix looks for its mail
server, finds itself, and returns the mail (`mail for mail.example.com loops back to myself`). With a
`myorigin` of the same name, so it goes with all mail between users of the host.

## Bad
```main.cf mydestination-lacks-myhostname@3
myhostname = mail.example.com
myorigin = $mydomain
mydestination = localhost, $mydomain
compatibility_level = 3.6
```

```main.cf mydestination-lacks-myhostname@3
# A warning: cron's mail to root is lost.
myhostname = mail.example.com
mydestination = localhost, example.com
myorigin = $myhostname
compatibility_level = 3.6
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
mydestination = $myhostname, localhost, $mydomain
compatibility_level = 3.6
```

```main.cf
# The relay knows what to do with it.
myhostname = mail.example.com
myorigin = $mydomain
mydestination = localhost
relayhost = [smtp.example.com]
compatibility_level = 3.6
```

## When it is right
Where the MX record of the host's name is another host, which has users at that name.

## References
- postconf(5) mydestination, myhostname
- BASIC_CONFIGURATION_README, "What domains to receive mail for"
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, MEDIUM, WARNING, Finding, Fix
from maillint.engine.rule import rule

from .._chain import set_here
from .._items import in_front
from ._lists import NO_HOSTNAME, missing_hostname

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(
    severity=INFO,
    area="address-classes",
    parameters=("mydestination",),
    when_set=True,
    complete=True,
    noted=("maillint_rules.address_classes._lists", NO_HOSTNAME),
)
def mydestination_lacks_myhostname(config: Configuration) -> Iterator[Finding]:
    for found, name in missing_hostname(config):
        setting = found.value.setting
        if setting is None:
            return
        view = config.main_view
        is_origin = (view.value("myorigin").text or "").lower() == name
        who = "cron and other programs on this host write to" if is_origin else "somebody writes to"
        yield Finding(
            setting.value.location(),
            f"mail that {who} a user at `{name}`, the host's own name, loops and comes back:"
            " the name is in no list of domains",
            mend="add `$myhostname` to `mydestination`",
            severity=WARNING if is_origin else INFO,
            confidence=MEDIUM,
            parameter="mydestination",
            related=set_here((view.setting("myhostname"), view.setting("myorigin") if is_origin else None)),
            fix=Fix(
                "add `$myhostname`",
                (in_front(setting, "$myhostname", setting.value.location()),),
                safe=False,
            ),
        )
