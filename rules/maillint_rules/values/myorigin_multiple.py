"""The domain that Postfix puts behind bare names is one domain.

## What happens
`myorigin` is no list. With a space or comma in it every Postfix program, `postfix start` included, ends with
`fatal: myorigin parameter setting must not contain multiple values`.

## Bad
```main.cf myorigin-multiple@2 fragment
myhostname = mail.example.com
myorigin = example.com, example.org
```

## Good
```main.cf fragment
myhostname = mail.example.com
myorigin = example.com
```

## What Postfix says
```witness postmap static:x
postmap: fatal: myorigin parameter setting must not contain multiple values: example.com, example.org
```

## When it is right
Never.

## References
- postconf(5) myorigin
- Postfix source: global/mail_params.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule
from maillint.syntax.lists import split_list

from .._values import known_values
from ._refused import refused, shown

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(
    severity=ERROR,
    area="values",
    parameters=("myorigin",),
    when_set=True,
    noted=("maillint_rules.values._typed", "myorigin"),
)
def myorigin_multiple(config: Configuration) -> Iterator[Finding]:
    for judged in known_values(config, "myorigin"):
        items = split_list(judged.text, braces=False)
        if items and items[0].text != judged.text:
            first = items[0].text
            found = refused(
                judged,
                f"`myorigin` is one domain, not the list {shown(judged.text)}",
                f"write one of them, such as `{first}`",
                meant=first,
                sure=len(items) == 1,
            )
            if found is not None:
                yield found
