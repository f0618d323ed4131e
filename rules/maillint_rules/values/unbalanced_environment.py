"""A `{ name = value }` in the list of environment variables whose braces do not fit.

## What happens
In `import_environment` and `export_environment`, `{` at the beginning of an entry asks for its `}`, and for
nothing behind it. Else the program that uses the list ends with a fatal error: for `import_environment` that
is every one.

## Bad
```main.cf unbalanced-environment@1 fragment
import_environment = TZ, {LANG=C
```

```main.cf unbalanced-environment@1 fragment
export_environment = TZ {LANG = C}LC_ALL
```

## Good
```main.cf fragment
import_environment = TZ, MAIL_CONFIG=/etc/postfix, {LANG = C}
```

## What Postfix says
```witness start
postfix/...: fatal: import_environment: missing '}' in "{LANG=C"
```

## When it is right
Never.

## References
- postconf(5) import_environment, export_environment
- Postfix source: global/mail_parm_split.c, util/extpar.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule
from maillint.syntax.lists import open_group, split_list

from .._values import judged_values
from ._refused import refused, shown

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_LISTS = ("import_environment", "export_environment")


@rule(severity=ERROR, area="values", parameters=_LISTS, when_set=True)
def unbalanced_environment(config: Configuration) -> Iterator[Finding]:
    for judged in judged_values(config):
        if judged.parameter.name not in _LISTS or judged.value.text is None:
            continue
        for item in split_list(judged.text, braces=True):
            if not item.text.startswith("{"):
                continue
            error = open_group(item.text).error
            if error:
                what = "its `}` is missing" if error.startswith("missing") else "something follows its `}`"
                found = refused(
                    judged,
                    f"{what} in {shown(item.text)}",
                    "write `{name = value}`, with a separator behind it",
                    place=(item.start, item.end),
                )
                if found is not None:
                    yield found
