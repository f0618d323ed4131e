"""A semicolon or a bar between the members of a list, or behind a value.

## What happens
Only commas and white space separate the members of a list in main.cf, and only the end of the line ends a
value. `example.com;` is then the name of a domain that nobody has: mail for example.com is no mail for this
host, and is relayed or refused.

## Bad
```main.cf foreign-separator@2 fragment
myhostname = mail.example.com
mydestination = example.com; localhost
```

```main.cf foreign-separator@1 fragment
relay_domains = example.net | example.org
```

```main.cf foreign-separator@1 fragment
mynetworks = 127.0.0.0/8;[::1]/128
```

## Good
```main.cf fragment
mydestination = example.com, localhost
relay_domains = example.net example.org
mynetworks = 127.0.0.0/8, [::1]/128
```

## What Postfix says
```witness rcpt-as 192.0.2.7 user@example.com
454 4.7.1 <user@example.com>: Relay access denied
```

## When it is right
Never.

## References
- postconf(5), "main.cf file format"
- Postfix source: util/match_list.c, global/mail_params.h (CHARS_COMMA_SP)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Edit, Finding, Fix, Related
from maillint.engine.rule import rule

from .._settings import services_of, settings
from .._told import FOREIGN, foreign_separators

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="syntax", noted=("maillint_rules._told", FOREIGN))
def foreign_separator(config: Configuration) -> Iterator[Finding]:
    for setting in settings(config):
        places = list(foreign_separators(setting))
        if not places:
            continue
        first, *others = places
        yield Finding(
            first,
            f"a `{first.text}` separates nothing in `{setting.name}`: it belongs to the word that it is at",
            mend="separate the members of the list by commas or blanks",
            parameter=setting.name,
            related=tuple(Related(place, "here, too") for place in others),
            services=services_of(setting),
            fix=Fix("write commas", tuple(Edit(place, ",") for place in places)),
        )
