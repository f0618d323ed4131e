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

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule
from maillint.postfix.typed import TEXTS, TOO_LOW

from ._refused import or_default, refused
from ._typed import refusals

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="values")
def empty_required_value(config: Configuration) -> Iterator[Finding]:
    for judged, _ in refusals(config, TOO_LOW):
        if not judged.text and judged.parameter.type_in(config.version) in TEXTS:
            found = refused(judged, f"`{judged.parameter.name}` must not be empty", or_default(judged))
            if found is not None:
                yield found
