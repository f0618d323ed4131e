"""A NUL byte cuts a value off.

## What happens
Postfix is written in C: a byte 0 in a line of main.cf ends the value there, and the rest of the line is
lost. Postfix 3.7 says nothing about it; newer ones warn `text after null byte may be ignored`. NUL bytes
come from files saved as UTF-16 and from broken disks.

## Bad
Here `\\0` stands for an invisible NUL byte.
```main.cf text-after-nul@1 fragment escaped
myhostname = mail\\0.example.com
```

## Good
```main.cf fragment
myhostname = mail.example.com
```

## When it is right
Never.

## References
- Postfix source: util/readlline.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule
from maillint.syntax.source import Location

from .._settings import services_of, settings
from .._told import CUT

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="syntax", noted=("maillint_rules._told", CUT))
def text_after_nul(config: Configuration) -> Iterator[Finding]:
    for setting in settings(config):
        if setting.cut is not None:
            yield Finding(
                Location(setting.source, setting.cut),
                f"the value of `{setting.name}` ends before this NUL byte: Postfix ignores the rest",
                mend="remove the NUL byte",
                parameter=setting.name,
                services=services_of(setting),
            )
