"""Postfix is to write its log itself, and master.cf lacks the service that does it.

## What happens
With `maillog_file`, all programs send their log to the service `postlog`, which postlogd(8) runs. Without an
entry for it in master.cf, `postfix start` ends with `missing 'postlog' service in master.cf`; a Postfix that
runs already logs nothing.

## Bad
```main.cf postlog-service-missing@4
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
maillog_file = /var/log/postfix.log
```
```master.cf
smtp inet n - n - - smtpd
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
maillog_file = /var/log/postfix.log
```
```master.cf
smtp inet n - n - - smtpd
postlog unix-dgram n - n - 1 postlogd
```

## What Postfix says
```witness check
postfix/postfix-script: fatal: missing 'postlog' service in master.cf - run 'postfix upgrade-configuration'
```

## When it is right
Never.

## References
- MAILLOG_README; postconf(5) maillog_file
- Postfix source: conf/postfix-script
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding, Fix
from maillint.engine.rule import rule

from .._edits import entry_added
from .._told import is_placeholder

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_SERVICE = "postlog/unix-dgram"
_ENTRY = "postlog unix-dgram n - n - 1 postlogd"


@rule(severity=ERROR, area="master", parameters=("maillog_file",), when_set=True, complete=True)
def postlog_service_missing(config: Configuration) -> Iterator[Finding]:
    value = config.main_view.value("maillog_file")
    if not value.text or value.setting is None or is_placeholder(value.text):
        return
    if config.parameter("maillog_file") is None or config.master is None or config.view(_SERVICE) is not None:
        return
    yield Finding(
        value.setting.value.location(),
        "Postfix does not start: master.cf does not have the service `postlog`, which writes this file",
        mend=f"add `{_ENTRY}` to master.cf",
        parameter="maillog_file",
        fix=Fix("add the service", (entry_added(config.master, _ENTRY),)),
    )
