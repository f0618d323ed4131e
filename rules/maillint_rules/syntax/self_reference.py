"""A parameter whose value leads back to the parameter itself.

## What happens
Postfix replaces `$name` by the value of `name`, and goes on in what it finds there. With `mydestination =
$mydestination, example.com` that has no end: `$mydestination` is the value that is being set, not the one
before or the default. Each program that reads the parameter logs `unreasonable macro call nesting`, then
`fatal: dictionary mail_dict: macro processing error`, and ends. For a parameter that all programs read, that
is all of Postfix.

## Bad
```main.cf self-reference@2 fragment
myhostname = mail.example.com
mydestination = $mydestination, example.com
```

### In a circle
```main.cf self-reference@3 fragment
myhostname = mail.example.com
mydestination = $ours
ours = $mine, example.com
mine = $ours, example.org
```

### Through a default: that of myorigin is `$myhostname`
```main.cf self-reference@1 fragment
myhostname = mail.$myorigin
```

## Good
```main.cf fragment
myhostname = mail.example.com
mydestination = $myhostname, localhost.$mydomain, localhost, example.com
```

## What Postfix says
```witness postconf
postconf: warning: unreasonable macro call nesting: "mydestination"
postconf: fatal: macro processing error
```
```witness postmap static:x bad=2
postmap: warning: unreasonable macro call nesting: "..."
postmap: fatal: dictionary mail_dict: macro processing error
```

## When it is right
Never.

## References
- postconf(5), "main.cf file format"
- Postfix source: util/mac_expand.c, MAC_EXP_MAX_LEVEL; util/dict.c dict_eval()
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding, Fix
from maillint.engine.rule import rule
from maillint.syntax.lists import split_list
from maillint.syntax.value import parse_value, references

from .._chain import set_here
from .._items import without_item
from .._names import FAILED, has_mistake
from .._settings import services_of

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.postfix.names import Failed
    from maillint.syntax.source import Location
    from maillint.syntax.tree import Setting


@rule(severity=ERROR, area="syntax", noted=("maillint_rules._names", FAILED))
def self_reference(config: Configuration) -> Iterator[Finding]:
    circles: dict[tuple[Setting, ...], str] = {}
    for failed in config.names.failed:
        if not has_mistake(failed) and (circle := _circle(failed)):
            circles.setdefault(circle, failed.setting.name)
    for (setting, *others), reader in circles.items():
        way = f" by way of {', '.join(f'`{other.name}`' for other in others)}" if others else ""
        yield Finding(
            _place(setting, [setting, *others]),
            f"`{setting.name}` refers to itself{way}: each program that reads `{reader}` stops with a fatal"
            " error",
            mend="write out what is meant in the place of the reference",
            parameter=setting.name,
            related=set_here(others),
            services=services_of(setting),
            fix=None if others else _fix(setting),
        )


def _fix(setting: Setting) -> Fix | None:
    """Take the reference out of the list, where it is an element of its own."""
    items = split_list(setting.value.text, braces=True)
    own = [item for item in items if item.text.strip("${}()") == setting.name]
    if len(own) != 1 or len(items) < 2 or setting.service is not None:
        return None
    place = setting.value.location(own[0].start, own[0].end)
    return Fix("remove the reference", (without_item(setting, place),), safe=False)


def _circle(failed: Failed) -> tuple[Setting, ...]:
    """The settings that lead back to themselves, in the order of their files."""
    found = {
        setting
        for setting in (failed.setting, *failed.expansion.settings)
        if setting in failed.view.expand(setting.value.text).settings
    }
    return tuple(sorted(found, key=lambda setting: (setting.service is not None, setting.span)))


def _place(setting: Setting, circle: list[Setting]) -> Location:
    """The reference that leads on, or the first one, where it does so through a default."""
    names = {member.name for member in circle}
    found = list(references(parse_value(setting.value.text)))
    first = next((reference for reference in found if reference.name in names), found[0])
    return setting.value.location(first.start, first.end)
