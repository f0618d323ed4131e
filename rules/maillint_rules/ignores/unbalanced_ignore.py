"""A range of silence with one end only.

## What happens
Without `ignore-end` the range reaches to the end of the file, and silences what nobody meant. An `ignore-end`
without `ignore-start` does nothing; most likely the range begins under another name.

## Bad
```main.cf unbalanced-ignore@1 fragment
# maillint: ignore-start[quoted-value] shown to people as they stand
syslog_name = "postfix"
mail_name = "Postfix"
```

```main.cf unbalanced-ignore@2 fragment
mail_name = Postfix
# maillint: ignore-end[quoted-value]
```

## Good
```main.cf fragment
# maillint: ignore-start[quoted-value] shown to people as they stand
syslog_name = "postfix"
syslog_facility = "mail"
# maillint: ignore-end[quoted-value]
```

## When it is right
Never: `ignore-file` says that a whole file is meant.

## References
- `maillint ignores` lists what comments silence
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding
from maillint.engine.rule import IGNORES, rule
from maillint.engine.suppression import END, START

from ._comments import without_name

if TYPE_CHECKING:
    from maillint.engine.suppression import Ignores


@rule(severity=WARNING, area="ignores", each=IGNORES)
def unbalanced_ignore(ignores: Ignores) -> Iterator[Finding]:
    for location, word, comment in ignores.unbalanced:
        name = location.text
        if word == START:
            yield Finding(
                location,
                f"nothing ends this range, so `{name}` is silent up to the end of the file",
                mend=f"write `# maillint: {END}[{name}]` below the last line that is meant",
            )
        else:
            yield Finding(
                location,
                f"no range of `{name}` has begun above, so this comment does nothing",
                mend=f"write `# maillint: {START}[{name}] reason` above the first line that is meant",
                fix=without_name(location, comment),
            )
