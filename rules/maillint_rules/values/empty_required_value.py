"""A parameter that must not be empty is.

## What happens
`name =` does not bring the default back: it is an empty value. Where a program cannot do without one, it
ends, when it is started, with `fatal: bad string length 0 < 1`.

## Bad
```main.cf empty-required-value@1 fragment
queue_directory =
```

```main.cf empty-required-value@2 fragment
myhostname = mail.example.com
myorigin = $trusted_origin
trusted_origin =
```

## Good
```main.cf fragment
queue_directory = /var/spool/postfix
# These may be empty.
relayhost =
mydestination =
# This is the default. virtual(8) minds, and `virtual-mailbox-base-missing` says so where it is to deliver.
virtual_mailbox_base =
```

## What Postfix says
```witness postmap static:x bad=2
postmap: fatal: bad string length 0 < 1: myorigin =...
```

## When it is right
Never.

## References
- Postfix source: global/mail_conf_str.c, global/mail_conf_raw.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding, Related
from maillint.engine.rule import rule
from maillint.postfix.typed import TEXTS, TOO_LOW

from ._refused import or_default, refused
from ._typed import refusals

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


_FILLED_IN_AT_INSTALLATION = frozenset(
    {
        "html_directory",
        "mailq_path",
        "manpage_directory",
        "newaliases_path",
        "readme_directory",
        "sample_directory",
        "sendmail_path",
        "setgid_group",
        "shlib_directory",
    }
)
"""Empty in the main.cf of the source code; postfix-install puts the values in."""


@rule(severity=ERROR, area="values", noted=("maillint_rules.values._typed", TOO_LOW))
def empty_required_value(config: Configuration) -> Iterator[Finding]:
    not_installed: list[Finding] = []
    for judged, _ in refusals(config, TOO_LOW):
        name = judged.parameter.name
        if judged.text or judged.parameter.type_in(config.version) not in TEXTS:
            continue
        if judged.view.service is None and judged.parameter.default == "":
            continue
        found = refused(judged, f"`{name}` must not be empty", or_default(judged))
        if found is None:
            continue
        if judged.view.service is None and name in _FILLED_IN_AT_INSTALLATION:
            not_installed.append(found)
        else:
            yield found
    if not_installed:
        first, *others = not_installed
        first.related += tuple(Related(other.location, "so is this") for other in others)
        yield first
