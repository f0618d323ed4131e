"""Mail servers of others are to be called many times at once.

## What happens
For a large provider qmgr(8) opens up to `smtp_destination_concurrency_limit` connections at the same time, 20
by default. Providers allow few dozens, then they refuse or put off the mail of this host, and remember it.

## Bad
```main.cf concurrency-too-high@3
myhostname = mail.example.com
myorigin = example.com
smtp_destination_concurrency_limit = 200
compatibility_level = 3.6
```
```master.cf
smtp unix - - n - - smtp
```

## Good
```main.cf
# The relay is our own.
myhostname = mail.example.com
myorigin = example.com
compatibility_level = 3.6
relayhost = [relay.example.com]:587
smtp_destination_concurrency_limit = 200
smtp_tls_security_level = may
```
```master.cf
smtp unix - - n - - smtp
```

## When it is right
Where all that goes out goes to servers of one's own.

## References
- postconf(5) default_destination_concurrency_limit; TUNING_README
- Postfix source: qmgr/qmgr_queue.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import MEDIUM, WARNING, Finding
from maillint.engine.rule import rule
from maillint.postfix.sender import DIRECT, default_route

from .._uses import found
from ._limits import CONCURRENCY, DEFAULT_CONCURRENCY, insane

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(
    severity=WARNING,
    area="limits",
    parameters=(CONCURRENCY, DEFAULT_CONCURRENCY),
    when_set=True,
    noted=("maillint_rules.limits._limits", CONCURRENCY, DEFAULT_CONCURRENCY),
)
def concurrency_too_high(config: Configuration) -> Iterator[Finding]:
    if default_route(config).kind != DIRECT:
        return
    for judged, limit in insane(config, CONCURRENCY, DEFAULT_CONCURRENCY):
        if judged.parameter.name == DEFAULT_CONCURRENCY and judged.view.is_set(CONCURRENCY):
            continue
        finding = found(
            judged,
            f"another's mail server may be called {limit or 'any number of'} times at once:"
            " large providers refuse that, and put off the mail of this host",
            "write `20`, the default, and more for a transport to servers of your own only",
            meant="20",
            sure=False,
        )
        finding.confidence = MEDIUM
        yield finding
