"""A table that is to give senders one address gives it to recipients as well.

## What happens
`canonical_maps` rewrites senders and recipients, in the envelope and in the headers. A pattern that matches
every address, meant for the sender of mail from programs, makes every recipient the same: all mail goes to
that one address, and none to whom it was written.

## Bad
```main.cf canonical-maps-rewrite-recipients@4
myhostname = web01.example.com
myorigin = $mydomain
compatibility_level = 3.6
canonical_maps = static:website@example.com
```

```main.cf canonical-maps-rewrite-recipients@4
myhostname = web01.example.com
myorigin = $mydomain
compatibility_level = 3.6
canonical_maps = regexp:/etc/postfix/canonical
```
```canonical
/.+/ website@example.com
```

## Good
```main.cf
myhostname = web01.example.com
myorigin = $mydomain
compatibility_level = 3.6
sender_canonical_maps = static:website@example.com
```

```main.cf
myhostname = web01.example.com
myorigin = $mydomain
compatibility_level = 3.6
canonical_maps = regexp:/etc/postfix/canonical
```
```canonical
/@web01\\.example\\.com$/ website@example.com
```

## What Postfix says
```witness deliver user@example.net
...: to=<website@example.com>, orig_to=<user@example.net>, ...
```

## When it is right
On a host for tests that is to send all its mail to one address.

## References
- postconf(5) canonical_maps, sender_canonical_maps, canonical_classes
- ADDRESS_REWRITING_README
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import MEDIUM, WARNING, Edit, Finding, Fix
from maillint.engine.rule import VIEW, rule
from maillint.postfix.table_lookup import FOUND, open_table

from .._told import told

if TYPE_CHECKING:
    from maillint.postfix.configuration import View
    from maillint.syntax.tree import Setting

_ANYBODY = ("anna.smith@first.example.net", "b@second.invalid", "4711@example.org")
"""Addresses that have nothing in common."""


@rule(severity=WARNING, area="identity", parameters=("canonical_maps",), when_set=True, each=VIEW)
def canonical_maps_rewrite_recipients(view: View) -> Iterator[Finding]:
    value = view.value("canonical_maps")
    if value.setting is None or told(value):
        return
    if "envelope_recipient" not in {item.text for item in view.items("canonical_classes")}:
        return
    for item in view.items("canonical_maps"):
        answers = [open_table(item.text, view).find(address) for address in _ANYBODY] if item.known else []
        same = {found.value for found in answers if found.state == FOUND}
        if item.location is None or len(answers) < len(_ANYBODY) or len(same) != 1 or "$" in "".join(same):
            continue
        if not all(found.state == FOUND for found in answers):
            continue
        yield Finding(
            item.location,
            f"all mail goes to `{same.pop()}`, whoever it is for: this table matches every address, and"
            " `canonical_maps` rewrites recipients, too",
            mend="name the table in `sender_canonical_maps` instead",
            confidence=MEDIUM,
            parameter="canonical_maps",
            fix=_fix(view, value.setting),
        )


def _fix(view: View, setting: Setting) -> Fix | None:
    """None where the parameter for senders has a table already."""
    if view.is_set("sender_canonical_maps") or setting.service is not None:
        return None
    edit = Edit(setting.name_location, "sender_canonical_maps")
    return Fix("rewrite senders alone", (edit,), safe=False)
