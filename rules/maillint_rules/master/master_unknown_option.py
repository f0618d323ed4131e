"""An option of a program that it does not have.

## What happens
The programs that master(8) starts have options of one letter, and all have the same: `-o`, `-v`, `-D` and
a few more that master(8) itself adds. With any other one they end with `fatal: invalid option`, as they do
when an option that needs a value has none: the service never answers. Long options, such as `--verbose`, do
not exist.

## Bad
```master.cf master-unknown-option@2 fragment
smtp inet n - n - - smtpd
  -d7
  -x
```

```master.cf master-unknown-option@1 fragment
smtp inet n - n - - smtpd --verbose
```

## Good
```master.cf fragment
smtp inet n - n - - smtpd -o syslog_name=postfix/in
```

## What Postfix says
```witness connect bad=2
postfix/smtpd: fatal: invalid option: -
```

## When it is right
Never.

## References
- smtpd(8) and the like; master(5)
- Postfix source: master/single_server.c and its sisters
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule
from maillint.postfix.master import active_services, getopt, program, takes_option

from ._entries import OPTIONS

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_WITH_VALUE = "imnst"
"""Of the options other than ``-o``, those that need a value."""


@rule(severity=ERROR, area="master", noted=("maillint_rules.master._entries", OPTIONS))
def master_unknown_option(config: Configuration) -> Iterator[Finding]:
    for service in active_services(config):
        found = program(config, service)
        if found is None:
            continue
        for option in getopt(service)[0]:
            known = takes_option(config, found, option.letter)
            if known and not (option.letter in _WITH_VALUE and option.value is None):
                continue
            what = (
                f"nothing stands behind its `-{option.letter}`"
                if known
                else f"it has no option `-{option.letter}`"
            )
            yield Finding(
                option.at.location(),
                f"`{service.command}` stops with a fatal error when `{service.id}` is used: {what}",
                mend="remove the option",
                services=(service.id,),
            )
            break
