"""The host hands its mail to itself.

## What happens
With `relayhost` equal to `myhostname`, all mail would come back. Postfix does not let it come to that: every
program, `postfix start` included, ends with `fatal: myhostname and relayhost parameter settings must not be
identical`. It compares the words only: `[mail.example.com]` passes, and makes a loop.

## Bad
```main.cf relayhost-is-myhostname@3 fragment
myhostname = mail.example.com
myorigin = example.com
relayhost = Mail.example.com
```

```main.cf relayhost-is-myhostname@3 fragment
myhostname = mail.example.com
myorigin = example.com
relayhost = $myhostname
```

## Good
```main.cf fragment
myhostname = mail.example.com
myorigin = example.com
relayhost = [smtp.example.com]
```

## What Postfix says
```witness postmap static:x bad=2
postmap: fatal: myhostname and relayhost parameter settings must not be identical: mail.example.com
```

## When it is right
Never. A host that delivers by itself has no relay: `relayhost =`.

## References
- postconf(5) relayhost
- Postfix source: global/mail_params.c
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


@rule(severity=ERROR, area="values", parameters=("relayhost",), when_set=True)
def relayhost_is_myhostname(config: Configuration) -> Iterator[Finding]:
    for judged in known_values(config, "relayhost"):
        name = judged.view.value("myhostname").text
        if name and judged.text.lower() == name.lower():
            found = refused(
                judged,
                f"{shown(judged.text)} is this host itself",
                "write `relayhost = [relay.example.com]` with the relay's name, or `relayhost =` for none",
            )
            if found is not None:
                yield found
