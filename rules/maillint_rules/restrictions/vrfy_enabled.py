"""Clients may ask with VRFY whether a user exists.

## What happens
`VRFY user` makes smtpd say whether it would take mail for this recipient. A stranger can try names that
way; he can do the same with RCPT, so this is a matter of taste, and of the checklists of auditors.

## Bad
```main.cf vrfy-enabled@1 fragment
disable_vrfy_command = no
```

```main.cf vrfy-enabled@1
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
```

## Good
```main.cf fragment
disable_vrfy_command = yes
```

## When it is right
Always, unless a checklist asks for it. The rule is off by default: select it by name, or its area with
`extend-select = ["restrictions"]`.

## References
- postconf(5) disable_vrfy_command; RFC 5321, 7.3
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, Edit, Finding, Fix
from maillint.engine.places import absent_location
from maillint.engine.rule import rule
from maillint.postfix.listening import LOOPBACK, NOBODY, reach
from maillint.postfix.services import views_of

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_OFF = "disable_vrfy_command"


@rule(severity=INFO, area="restrictions", parameters=(_OFF,), default=False)
def vrfy_enabled(config: Configuration) -> Iterator[Finding]:
    open_to = [
        view
        for view in views_of(config, "smtpd")
        if view.boolean(_OFF) is False and reach(view) not in (LOOPBACK, NOBODY)
    ]
    if not open_to or config.main is None:
        return
    setting = open_to[0].setting(_OFF)
    if setting is None and config.fragment:
        return
    location = setting.value.location() if setting is not None else absent_location(config)
    text = "yes" if setting is not None else f"{_OFF} = yes\n"
    yield Finding(
        location,
        "clients may ask with `VRFY` whether a user exists",
        mend=f"write `{_OFF} = yes`",
        parameter=_OFF,
        fix=Fix("turn VRFY off", (Edit(location, text),)),
    )
