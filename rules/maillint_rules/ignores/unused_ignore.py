"""An ignore comment that silences nothing.

## What happens
The comment says that something is wrong here on purpose, and nothing is: it was mended, it has moved, or the
comment never stood at the right place. Left there, it will hide the same fault when it comes back.

A comment `ignore[...]` speaks about the one setting or service below it, or about the one whose lines it
stands between; `ignore-start[...]` and `ignore-end[...]` speak about all between them, and
`ignore-file[...]` about the whole file.

## Bad
```main.cf unused-ignore@1 fragment
# maillint: ignore[quoted-value] the mail program wants it so
smtpd_helo_required = yes
```

```main.cf unused-ignore@1 unused-ignore@2 fragment
# maillint: ignore-file[quoted-value] generated
# maillint: ignore-start[inline-comment, quoted-value] the mail program wants it so
smtpd_helo_required = yes
syslog_name = postfix # mail
# maillint: ignore-end[inline-comment, quoted-value]
```

```main.cf unused-ignore@3 bad-number@2 fragment
smtpd_helo_required = yes
message_size_limit = much
# maillint: ignore[bad-number] a script writes the number
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

from maillint.engine.finding import INFO, Finding, Fix
from maillint.engine.rule import IGNORES, rule
from maillint.engine.suppression import FILE, LINE, START

from ._comments import above, without

if TYPE_CHECKING:
    from maillint.engine.suppression import Ignore, Ignores

_ABOUT_IGNORES = (
    "unused-ignore",
    "unknown-ignore",
    "unbalanced-ignore",
    "ignore-without-reason",
    "role-without-effect",
)
"""These run after everything else, when it is too late to tell whether they are used."""

_REACHES = {
    LINE: "the setting or service that this comment is about",
    START: "the range that begins here",
    FILE: "this file",
}


@rule(severity=INFO, area="ignores", each=IGNORES)
def unused_ignore(ignores: Ignores) -> Iterator[Finding]:
    for ignore in ignores.ignores:
        if not ignore.silenced and ignore.name in ignores.run and ignore.name not in _ABOUT_IGNORES:
            message, mend, fix = _advice(ignore)
            yield Finding(ignore.location, f"nothing here is silenced: {message}", mend=mend, fix=fix)


def _advice(ignore: Ignore) -> tuple[str, str, Fix]:
    """Why *ignore* does nothing, and what to do about it, in words and as a fix."""
    if ignore.misplaced is not None:
        line = ignore.location.source.position(ignore.misplaced).line
        return (
            f"the comment is about what stands below it, and `{ignore.name}` finds something in line {line}",
            "write the comment above that line",
            above(ignore, ignore.misplaced),
        )
    mend = f"remove `{ignore.name}` from the comment"
    if ignore.is_last:
        return (
            "no setting or service stands below this comment, which speaks about the next one",
            mend,
            without(ignore),
        )
    return f"`{ignore.name}` finds nothing in {_REACHES[ignore.word]}", mend, without(ignore)
