"""The filter in front of the queue is written in a way that cannot be reached.

## What happens
`smtpd_proxy_filter` is `HOST:PORT`, a port alone, `inet:HOST:PORT` or `unix:PATH`. With an address that it
cannot take apart, smtpd(8) ends with a fatal error in the middle of each message; with a port that does not
exist it answers `451 4.3.0`.

## Bad
```main.cf proxy-filter-syntax@1 fragment
smtpd_proxy_filter = [127.0.0.1:10024
```

```main.cf proxy-filter-syntax@1 fragment
smtpd_proxy_filter = smtp-amavis:[127.0.0.1]:10024
```

## Good
```main.cf fragment
smtpd_proxy_filter = 127.0.0.1:10024
```

```main.cf fragment
smtpd_proxy_filter = 10024
```

## What Postfix says
```witness rcpt
postfix/smtpd: fatal: [127.0.0.1:10024: missing "]"
```

```witness rcpt bad=2
postfix/smtpd: fatal: smtp-amavis:[127.0.0.1]:10024: valid hostname or network address required
```

## When it is right
Never.

## References
- postconf(5) smtpd_proxy_filter; SMTPD_PROXY_README
- Postfix source: smtpd/smtpd_proxy.c, util/inet_connect.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, WARNING, Finding
from maillint.engine.rule import rule
from maillint.postfix.endpoints import DIES, proxy_filter_problem

from .._uses import found, shown, users
from .._values import known_values
from ._nexthops import meant_nexthop

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_NAME = "smtpd_proxy_filter"


@rule(severity=ERROR, area="delivery", parameters=(_NAME,), when_set=True)
def proxy_filter_syntax(config: Configuration) -> Iterator[Finding]:
    for judged in known_values(config, _NAME):
        problem = proxy_filter_problem(judged.text) if judged.text else None
        if problem is None:
            continue
        views = users(judged, "smtpd")
        part = judged.text[problem.start : problem.end]
        meant = meant_nexthop(part)
        effect = (
            "`smtpd` ends with a fatal error in the middle of each message"
            if problem.effect == DIES
            else "`smtpd` answers each message with `451 4.3.0`"
        )
        yield found(
            judged,
            f"{shown(part)} is no address that Postfix can connect to: {effect}",
            f"write `{meant}`" if meant else "write `HOST:PORT` or `unix:PATH`",
            users=views,
            place=(problem.start, problem.end),
            meant=meant,
            severity=None if views else WARNING,
        )
