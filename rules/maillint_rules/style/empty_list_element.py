"""Two commas with nothing between them, or a comma at the end of a list.

## What happens
Nothing: Postfix takes any run of commas and blanks for one separator. Something may have been meant to stand
there: an installer that did not know the name of the host leaves such a gap.

## Bad
```main.cf empty-list-element@2 fragment
myhostname = mail.example.com
mydestination = $myhostname, , localhost
```

```main.cf empty-list-element@3 fragment
smtpd_helo_required = yes
smtpd_helo_restrictions =
    permit_mynetworks,
```

## Good
```main.cf fragment
myhostname = mail.example.com
mydestination = $myhostname, localhost
```

```main.cf fragment
canonical_maps = inline:{{a@example.com=b@example.com,,c@example.com}}
```

## When it is right
Always: it is harmless. The rule is off by default: select it by name, or its area with
`extend-select = ["style"]`.

## References
- postconf(5), "main.cf file format"
- Postfix source: global/mail_params.h (CHARS_COMMA_SP), util/mystrtok.c
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, Edit, Finding, Fix, Related
from maillint.engine.rule import rule
from maillint.postfix import catalogue

from .._settings import services_of, settings
from .._told import told_elsewhere

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.syntax.source import Location
    from maillint.syntax.tree import Setting

_LISTS = frozenset({"list", "match-list", "maps", "milters", "restrictions", "server-acl"})
_NEEDLESS = re.compile(r"(?:(?<=,)|(?<=^))[ \t\r]*,|,(?=[ \t\r]*$)")


@rule(severity=INFO, area="style", default=False)
def empty_list_element(config: Configuration) -> Iterator[Finding]:
    for setting in settings(config):
        parameter = catalogue.parameter(setting.name)
        if parameter is None or parameter.kind.partition(":")[0] not in _LISTS or told_elsewhere(setting):
            continue
        places = list(_needless_commas(setting))
        if places:
            first, *others = places
            yield Finding(
                first,
                f"nothing stands beside this comma in `{setting.name}`",
                mend="remove the comma, or write what is missing",
                parameter=setting.name,
                related=tuple(Related(place, "here, too") for place in others),
                services=services_of(setting),
                fix=Fix("remove the comma", tuple(Edit(place, "") for place in places)),
            )


def _needless_commas(setting: Setting) -> Iterator[Location]:
    text = setting.value.text
    depth, seen = 0, 0
    for found in _NEEDLESS.finditer(text):
        between = text[seen : found.start()]
        depth, seen = depth + between.count("{") - between.count("}"), found.start()
        if depth <= 0:
            yield setting.value.location(found.end() - 1, found.end())
