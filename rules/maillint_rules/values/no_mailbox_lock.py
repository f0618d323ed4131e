"""How to lock mailboxes is set, and names no way to lock them.

## What happens
`local` ends with a fatal error when it is started: the value has separators, but no word, or none is left
because `sun_mailtool_compatibility = yes` allows `dotlock` alone. Mail for local users stays in the queue.

## Bad
```main.cf no-mailbox-lock@1 fragment
mailbox_delivery_lock = ,
```

```main.cf sun-mailtool-compatibility@1 no-mailbox-lock@2 fragment
sun_mailtool_compatibility = yes
mailbox_delivery_lock = fcntl
```

## Good
```main.cf fragment
mailbox_delivery_lock = fcntl, dotlock
```

## What Postfix says
```witness deliver
postfix/local: fatal: parameter mailbox_delivery_lock specifies no applicable mailbox locking method
```

```witness deliver bad=2
postfix/local: fatal: parameter mailbox_delivery_lock specifies no applicable mailbox locking method
```

## When it is right
Never.

## References
- postconf(5) mailbox_delivery_lock, sun_mailtool_compatibility
- Postfix source: local/local.c
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

_NAME = "mailbox_delivery_lock"
_DOT_LOCK = "dotlock"
_DOT_LOCK_ONLY = "sun_mailtool_compatibility"


@rule(severity=ERROR, area="values", parameters=(_NAME,), when_set=True)
def no_mailbox_lock(config: Configuration) -> Iterator[Finding]:
    for judged in known_values(config, _NAME):
        words = {word.text for word in split_list(judged.text, braces=False)}
        allows_one = judged.view.boolean(_DOT_LOCK_ONLY) is True
        if not judged.text or (_DOT_LOCK in words if allows_one else words):
            continue
        why = f"{shown(judged.text)} names no way to lock"
        if words:
            why = f"`{_DOT_LOCK_ONLY} = yes` allows `{_DOT_LOCK}` alone, which is not in {shown(judged.text)}"
        found = refused(judged, why, f"write `fcntl, {_DOT_LOCK}`")
        if found is not None:
            yield found
