"""A domain in masquerade_domains stands behind one that it is in.

## What happens
cleanup(8) goes through `masquerade_domains` from the left and stops at the first domain that the address is
in. Behind `example.com`, a `lists.example.com` is never looked at: `user@host.lists.example.com` becomes
`user@example.com`, and an exception, `!lists.example.com`, excepts nothing.

## Bad
```main.cf masquerade-order@4
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
masquerade_domains = example.com lists.example.com
```

```main.cf masquerade-order@4
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
masquerade_domains = $mydomain, !lists.example.com
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
masquerade_domains = lists.example.com example.com
```

## When it is right
Never.

## References
- postconf(5) masquerade_domains
- Postfix source: cleanup/cleanup_masquerade.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Edit, Finding, Fix
from maillint.engine.rule import VIEW, rule

from .._domains import is_within
from .._items import without_item
from .._told import told
from .._words import SEVERAL

if TYPE_CHECKING:
    from maillint.postfix.configuration import Item, View
    from maillint.syntax.tree import Setting


@rule(
    severity=WARNING,
    area="identity",
    parameters=("masquerade_domains",),
    when_set=True,
    noted=("maillint_rules._words", SEVERAL),
    each=VIEW,
)
def masquerade_order(view: View) -> Iterator[Finding]:
    value = view.value("masquerade_domains")
    if value.setting is None or told(value):
        return
    before: list[Item] = []
    for item in view.items("masquerade_domains"):
        domain = item.text.lstrip("!").lower()
        earlier = next((other for other in before if is_within(domain, other.text.lstrip("!").lower())), None)
        if item.known and domain:
            before.append(item)
        if earlier is None or item.location is None or earlier.location is None or not item.known:
            continue
        yield Finding(
            item.location,
            f"`{item.text}` is never looked at: `{earlier.text}` stands before it, and decides",
            mend=f"write `{item.text}` before `{earlier.text}`",
            parameter="masquerade_domains",
            fix=_fix(value.setting, item, earlier),
        )


def _fix(setting: Setting, item: Item, earlier: Item) -> Fix | None:
    """None where the place of one of them is a ``$name``."""
    assert item.location is not None and earlier.location is not None
    same = item.text.lstrip("!").lower() == earlier.text.lstrip("!").lower()
    if same or item.location.text != item.text or item.location.source is not setting.source:
        return None
    start = earlier.location.span.start
    edits = (
        Edit.insert(setting.source, start, f"{item.text} "),
        without_item(setting, item.location),
    )
    return Fix(f"write `{item.text}` first", edits)
