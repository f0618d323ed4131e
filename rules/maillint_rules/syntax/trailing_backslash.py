"""A backslash at the end of a line, as in a shell script, becomes a member of the list.

## What happens
In main.cf an indented line continues the one above, without any mark. A `\\` at the end of a line is text as
any other: the list gets a member `\\`, or the name before it ends with one and is the name of nobody.
`inet_interfaces` with such a member stops every Postfix program.

## Bad
```main.cf trailing-backslash@1 fragment
mynetworks = 127.0.0.0/8 \\
    192.0.2.0/24 \\
    [::1]/128
```

```main.cf trailing-backslash@2 fragment
myhostname = mail.example.com
mydestination = $myhostname,\\
    localhost
```

## Good
```main.cf fragment
mynetworks = 127.0.0.0/8
    192.0.2.0/24
    [::1]/128
```

## When it is right
Never.

## References
- postconf(5), "main.cf file format"
- Postfix source: util/readlline.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, WARNING, Edit, Finding, Fix, Related
from maillint.engine.rule import rule
from maillint.postfix import catalogue
from maillint.syntax.source import Location, Span

from .._told import BACKSLASH, backslashes_at_line_ends

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.syntax.tree import Setting


@rule(severity=WARNING, area="syntax", noted=("maillint_rules._told", BACKSLASH))
def trailing_backslash(config: Configuration) -> Iterator[Finding]:
    for setting in config.main.settings if config.main is not None else ():
        parameter = catalogue.parameter(setting.name)
        # Of restrictions, tables, words and numbers, the rules about them speak.
        if parameter is None or parameter.kind.partition(":")[0] not in ("list", "match-list"):
            continue
        places = list(backslashes_at_line_ends(setting.value))
        if places:
            yield _finding(setting, places, ERROR if parameter.kind == "list:host" else WARNING)


def _finding(setting: Setting, places: list[Location], severity: str) -> Finding:
    first, *others = places
    return Finding(
        first,
        f"this `\\` belongs to the value of `{setting.name}`: it does not continue the line",
        mend="remove it: an indented line goes on anyway",
        severity=severity,
        parameter=setting.name,
        related=tuple(Related(place, "here, too") for place in others),
        fix=Fix("remove the backslash", tuple(Edit(_with_blanks(place), "") for place in places)),
    )


def _with_blanks(backslash: Location) -> Location:
    """*backslash* with the blanks before it."""
    text, (start, end) = backslash.source.text, backslash.span
    while text[start - 1] in " \t":
        start -= 1
    return Location(backslash.source, Span(start, end))
