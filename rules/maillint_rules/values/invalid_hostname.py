"""The host or its domain has a name that no host can have.

## What happens
`myhostname` and `mydomain` are made of letters, digits, `-`, `_` and dots; no label begins or ends with `-`
or is empty, none is longer than 63 characters, and not all is digits: an IP address is no name. With
anything else every Postfix program, `postfix start` included, ends with `fatal: ... parameter myhostname: bad
parameter value`.

## Bad
```main.cf invalid-hostname@1 fragment
myhostname = 192.0.2.1
```

```main.cf invalid-hostname@1 fragment
myhostname = mail.example.com.
```

```main.cf invalid-hostname@2 fragment
myhostname = mail.example.com
mydomain = @example.com
```

## Good
```main.cf fragment
myhostname = mail.example.com
mydomain = example.com
```

## What Postfix says
```witness postmap static:x
postmap: warning: valid_hostname: numeric hostname: 192.0.2.1
postmap: fatal: file /etc/postfix/main.cf: parameter myhostname: bad parameter value: 192.0.2.1
```

```witness postmap static:x bad=2
postmap: fatal: file /etc/postfix/main.cf: parameter myhostname: bad parameter value: mail.example.com.
```

## When it is right
Never.

## References
- postconf(5) myhostname, mydomain
- Postfix source: util/valid_hostname.c, global/mail_params.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule
from maillint.postfix.typed import is_hostname

from .._values import known_values
from ._refused import refused, shown

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_WHAT = {"myhostname": ("host", "mail.example.com"), "mydomain": ("domain", "example.com")}


@rule(
    severity=ERROR,
    area="values",
    parameters=("myhostname", "mydomain"),
    when_set=True,
    noted=("maillint_rules.values._typed", "myhostname", "mydomain"),
)
def invalid_hostname(config: Configuration) -> Iterator[Finding]:
    for judged in known_values(config, *_WHAT):
        if not judged.text or is_hostname(judged.text):
            continue
        what, example = _WHAT[judged.parameter.name]
        meant = judged.text.strip(".@,; ")
        found = refused(
            judged,
            f"{shown(judged.text)} is not the name of a {what}",
            f"write `{meant}`" if is_hostname(meant) else f"write a name such as `{example}`",
            meant=meant if is_hostname(meant) else None,
        )
        if found is not None:
            yield found
