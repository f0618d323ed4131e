"""An ignore comment that names no rule.

## What happens
The name is misspelt, or that of a rule that has been renamed, or the comment has another form than
`# maillint: ignore[rule, rule2] reason`. It silences nothing.

## Bad
```main.cf unknown-ignore@1 bad-number@2 fragment
# maillint: ignore[bad-numbr] misspelt
message_size_limit = much
```

```main.cf unknown-ignore@1 bad-number@2 fragment
# maillint: ignore bad-number: a script writes the number
message_size_limit = much
```

```main.cf unknown-ignore@1 bad-number@2 fragment
# maillint: ignore-fil[bad-number] a script writes the number
message_size_limit = much
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

import re
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Edit, Finding, Fix
from maillint.engine.rule import IGNORES, rule
from maillint.engine.suppression import WORDS
from maillint.nearest import nearest
from maillint.syntax.source import Location, Span

if TYPE_CHECKING:
    from maillint.engine.suppression import Ignores


@rule(severity=WARNING, area="ignores", each=IGNORES)
def unknown_ignore(ignores: Ignores) -> Iterator[Finding]:
    for location in ignores.malformed:
        yield Finding(
            location,
            "maillint does not understand this comment, so it has no effect",
            mend="write `# maillint: ignore[rule] reason`, or the like with `ignore-file` or `ignore-start`",
            fix=_meant(location, ignores.known),
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


_FORM = re.compile(r"maillint:\s*([\w-]*)(?:(\s*\[)|([\s:=(]+))?")
_NAME = re.compile(r"([a-z\d]+(?:-[a-z\d]+)+)\)?[\s,:]*")


def _meant(comment: Location, rules: Collection[str]) -> Fix | None:
    """Correct the word behind ``maillint:``, or put the *rules* that follow it into brackets."""
    form = _FORM.match(comment.text)
    if form is None:
        return None
    word, bracket, _ = form.groups()
    right = word if word in WORDS else nearest(word, WORDS)
    if right is None:
        return None
    start = comment.span.start
    if bracket:
        place = Location(comment.source, Span(start + form.start(1), start + form.end(1)))
        return Fix.write(place, right) if word != right else None
    names, end = [], form.end()
    while (name := _NAME.match(comment.text, end)) is not None and name[1] in rules:
        names.append(name[1])
        end = name.end()
    if not names:
        return None
    place = Location(comment.source, Span(start + form.start(1), start + end))
    directive = f"{right}[{', '.join(names)}]"
    blank = " " if end < len(comment.text) else ""
    return Fix(f"write `{directive}`", (Edit(place, directive + blank),))
