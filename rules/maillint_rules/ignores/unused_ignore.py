"""An ignore comment that silences nothing.

## What happens
The comment says that something is wrong here on purpose, and nothing is: it was mended, it has moved, or the
comment never stood at the right place. Left there, it will hide the same fault when it comes back.

A comment speaks about the one setting or service below it, or about the one whose lines it stands between.

## Bad
```main.cf unused-ignore@1 fragment
# maillint: ignore[quoted-value] the mail program wants it so
smtpd_helo_required = yes
```

## Good
```main.cf fragment
# maillint: ignore[quoted-value] shown to people as it stands
syslog_name = "postfix"
```

## When it is right
Where other programs or other versions of this file need it: name `unused-ignore` in the comment as well.

## References
- `maillint check --no-ignores` shows everything that comments silence
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, Finding
from maillint.engine.rule import IGNORES, rule

if TYPE_CHECKING:
    from maillint.engine.suppression import Ignores

_ABOUT_IGNORES = ("unused-ignore", "unknown-ignore")
"""These run after everything else, when it is too late to tell whether they are used."""


@rule(severity=INFO, area="ignores", each=IGNORES)
def unused_ignore(ignores: Ignores) -> Iterator[Finding]:
    for ignore in ignores.ignores:
        if not ignore.used and ignore.name in ignores.run and ignore.name not in _ABOUT_IGNORES:
            yield Finding(
                ignore.location,
                f"nothing here is silenced: `{ignore.name}` finds nothing in the setting or service"
                " that this comment is about",
                mend=f"remove `{ignore.name}` from the comment",
            )
