"""There are settings for postscreen(8), but no service runs it.

## What happens
postscreen looks at clients only where master.cf has it on port 25. With smtpd there, `postscreen_dnsbl_sites`
and its kin are read by nobody, and no client is turned away for them.

## Bad
```main.cf postscreen-not-enabled@4
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
postscreen_dnsbl_sites = psbl.surriel.com
```
```master.cf
smtp inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
postscreen_dnsbl_sites = psbl.surriel.com
```
```master.cf
smtp inet n - n - 1 postscreen
smtpd pass - - n - - smtpd
dnsblog unix - - n - 0 dnsblog
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
```

### Nothing but defaults
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
postscreen_access_list = permit_mynetworks
```
```master.cf
smtp inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
```

## When it is right
While the settings are being prepared.

## References
- POSTSCREEN_README, "Turning on postscreen without blocking mail"
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding
from maillint.engine.rule import rule
from maillint.postfix.catalogue import default
from maillint.postfix.master import is_complete

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.syntax.tree import Setting

_ACTING = (
    "postscreen_access_list",
    "postscreen_dnsbl_sites",
    "postscreen_dnsbl_action",
    "postscreen_greet_action",
    "postscreen_pipelining_enable",
    "postscreen_bare_newline_enable",
    "postscreen_non_smtp_command_enable",
)
"""The parameters that make postscreen turn clients away."""


@rule(severity=WARNING, area="master", parameters=_ACTING, when_set=True, complete=True)
def postscreen_not_enabled(config: Configuration) -> Iterator[Finding]:
    if not is_complete(config) or any(service.command == "postscreen" for service in config.services):
        return
    settings = (found for name in _ACTING if (found := config.settings.get(name)))
    setting = next((found for found in settings if not _is_default(config, found)), None)
    if setting is not None:
        yield Finding(
            setting.name_location,
            f"`{setting.name}` has no effect: no service in master.cf runs postscreen(8)",
            mend="run postscreen on port 25 as POSTSCREEN_README says, or remove the settings",
            parameter=setting.name,
        )


def _is_default(config: Configuration, setting: Setting) -> bool:
    return config.main_view.value(setting.name).text == default(setting.name, config.version)
