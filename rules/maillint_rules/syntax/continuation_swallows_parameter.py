"""An indented setting is only the end of the value above it.

## What happens
A line that starts with white space continues the setting above, whatever stands in it; comments and
empty lines between do not end that. So `relayhost = [smtp.example.net]`, indented by one blank, sets no
`relayhost`: the text `relayhost = [smtp.example.net]` becomes three more words of the value before it.
Postfix reports nothing: `relayhost` keeps its default, and the other parameter has a value that nobody
meant.

## Bad
```main.cf continuation-swallows-parameter@2 fragment
mydestination = $myhostname, localhost
 relayhost = [smtp.example.net]
```

```main.cf continuation-swallows-parameter@4 fragment
myhostname = mail.example.com

# Where to listen.
  inet_interfaces = loopback-only
```

## Good
```main.cf fragment
mydestination = $myhostname, localhost
relayhost = [smtp.example.net]
```

```main.cf fragment
smtpd_milters = {
    inet:localhost:8891,
    { connect_timeout = 10s },
    { default_action = accept } }
import_environment =
    MAIL_CONFIG TZ=UTC
```

## What Postfix says
```witness postconf
mydestination = $myhostname, localhost relayhost = [smtp.example.net]
```

## When it is right
Inside `{ }`, where `name = value` is an attribute; the rule does not look there.

## References
- postconf(5), "main.cf file format"
- Postfix source: util/readlline.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Edit, Finding, Fix, Related
from maillint.engine.rule import rule

from .._told import SWALLOWED, swallowed_settings

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="syntax", noted=("maillint_rules._told", SWALLOWED))
def continuation_swallows_parameter(config: Configuration) -> Iterator[Finding]:
    for setting in config.main.settings if config.main is not None else ():
        for indentation, name in swallowed_settings(setting):
            yield Finding(
                name,
                f"this does not set `{name.text}`: the line is indented, so it continues"
                f" the value of `{setting.name}`",
                mend="start the line in column 1",
                parameter=name.text,
                related=(Related(setting.name_location, f"the value of `{setting.name}` begins here"),),
                fix=Fix("remove the indentation", (Edit(indentation, ""),)),
            )
