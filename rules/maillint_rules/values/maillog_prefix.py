"""The log file is at a place where Postfix does not write logs.

## What happens
`maillog_file` must begin with one of `maillog_file_prefixes`, which are `/var` and `/dev/stdout` by default:
a misspelt path shall not overwrite a file. Else every Postfix program, `postfix start` included, ends with
`fatal: maillog_file value ... does not match any prefix`.

## Bad
```main.cf maillog-prefix@1 fragment
maillog_file = /tmp/maillog
```

```main.cf maillog-prefix@1 fragment
maillog_file = yes
```

## Good
```main.cf fragment
maillog_file = /srv/log/mail
maillog_file_prefixes = /var, /srv/log
```

## What Postfix says
```witness postmap static:x
postmap: fatal: maillog_file value '/tmp/maillog' does not match any prefix in maillog_file_prefixes
```

## When it is right
Never.

## References
- postconf(5) maillog_file, maillog_file_prefixes; MAILLOG_README
- Postfix source: global/maillog_client.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule

from .._values import known_values
from ._refused import refused, shown

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_PREFIXES = "maillog_file_prefixes"


@rule(severity=ERROR, area="values", parameters=("maillog_file",), when_set=True)
def maillog_prefix(config: Configuration) -> Iterator[Finding]:
    for judged in known_values(config, "maillog_file"):
        prefixes = judged.view.items(_PREFIXES)
        if not judged.text or not all(prefix.known for prefix in prefixes):
            continue
        if not judged.text.startswith(tuple(prefix.text for prefix in prefixes)):
            places = " or ".join(f"`{prefix.text}`" for prefix in prefixes)
            found = refused(
                judged,
                f"{shown(judged.text)} does not begin with {places}",
                f"write a path below one of these, or add its directory to `{_PREFIXES}`",
            )
            if found is not None:
                yield found
