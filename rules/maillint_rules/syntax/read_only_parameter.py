"""A name that each program fills in for itself.

## What happens
`process_id`, `process_name` and `service_name` can be used as `$name`, and each Postfix program gives them
its own values when it starts. What main.cf or `-o` says of them is overwritten; only `postconf` says so.

## Bad
```main.cf read-only-parameter@1 fragment
process_name = relay
syslog_name = postfix-$process_name
```

## Good
```main.cf fragment
syslog_name = postfix-$service_name
```

## What Postfix says
```witness postconf
postconf: warning: /etc/postfix/main.cf: read-only parameter assignment: process_name=relay
```

## When it is right
Never: the line does nothing.

## References
- postconf(5) process_name, process_id, service_name
- Postfix source: postconf/postconf_user.c; util/dict.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding
from maillint.engine.rule import rule
from maillint.postfix.expand import READ_ONLY

from .._settings import services_of, settings

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_NAMES = tuple(sorted(READ_ONLY))


@rule(severity=WARNING, area="syntax", parameters=_NAMES, when_set=True)
def read_only_parameter(config: Configuration) -> Iterator[Finding]:
    for setting in settings(config):
        if setting.name in READ_ONLY:
            yield Finding(
                setting.name_location,
                f"this line has no effect: every program sets `{setting.name}` itself",
                mend="choose another name",
                parameter=setting.name,
                services=services_of(setting),
            )
