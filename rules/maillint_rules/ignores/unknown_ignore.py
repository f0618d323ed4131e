"""An ignore comment that names no rule.

## What happens
The name is misspelt, or that of a rule that has been renamed, or the comment has another form than
`# maillint: ignore[rule, rule2] reason`. It silences nothing.

## Bad
```main.cf unknown-ignore@1 bad-number@2 fragment
# maillint: ignore[bad-numbr] misspelt
message_size_limit = much
```

```main.cf unknown-ignore@1 fragment
# maillint: ignore quoted-value
smtpd_helo_required = yes
```

## Good
```main.cf fragment
# maillint: ignore[quoted-value] shown to people as it stands
syslog_name = "postfix"
```

## When it is right
Where the rule is that of a plug-in that is not installed everywhere: name `unknown-ignore` in the comment
as well.

## References
- `maillint rules` lists the names
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding, Fix
from maillint.engine.rule import IGNORES, rule
from maillint.nearest import nearest

if TYPE_CHECKING:
    from maillint.engine.suppression import Ignores


@rule(severity=WARNING, area="ignores", each=IGNORES)
def unknown_ignore(ignores: Ignores) -> Iterator[Finding]:
    for location in ignores.malformed:
        yield Finding(
            location,
            "maillint does not understand this comment, so it has no effect",
            mend="write `# maillint: ignore[rule] reason`, or the like with `ignore-file` or `ignore-start`",
        )
    for ignore in ignores.ignores:
        if ignore.name not in ignores.known:
            near = nearest(ignore.name, ignores.known)
            yield Finding(
                ignore.location,
                f"there is no rule `{ignore.name}`, so this comment silences nothing",
                mend=f"write `{near}`" if near else "see `maillint rules` for the names",
                fix=Fix.write(ignore.location, near) if near else None,
            )
