"""One client may take all the processes of the SMTP server.

## What happens
A client may hold `smtpd_client_connection_count_limit` connections at once, 50 by default, and each needs an
smtpd(8). Where the service has no more processes than that, one client, be it broken or hostile, keeps all
others out.

## Bad
```main.cf process-limit-mismatch@4
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
smtpd_client_connection_count_limit = 100
```
```master.cf
smtp inet n - n - - smtpd
```

### Fewer processes
```main.cf process-limit-mismatch@4
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
default_process_limit = 20
```
```master.cf
smtp inet n - n - - smtpd
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
smtpd_client_connection_count_limit = 10
```
```master.cf
smtp inet n - n - 20 smtpd
```

## When it is right
Where few clients can connect at all. Those in `mynetworks` are never limited.

## References
- postconf(5) smtpd_client_connection_count_limit, smtpd_client_event_limit_exceptions, default_process_limit
- Postfix source: smtpd/smtpd.c, anvil/anvil.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, WARNING, Finding
from maillint.engine.rule import rule
from maillint.postfix.master import LIMIT

from .._chain import set_here
from ._limits import COUNT, PROCESSES, crowded

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(
    severity=WARNING,
    area="limits",
    parameters=(COUNT, PROCESSES),
    when_set=True,
    noted=("maillint_rules.limits._limits", COUNT),
)
def process_limit_mismatch(config: Configuration) -> Iterator[Finding]:
    for view, processes, connections in crowded(config):
        assert view.service is not None
        count, default = view.setting(COUNT), config.settings.get(PROCESSES)
        field = view.service.fields[LIMIT]
        limit = field.location() if field.text != "-" or default is None else default.value.location()
        location = count.value.location() if count is not None else limit
        yield Finding(
            location,
            f"one client may hold {connections} connections, and so all {processes} processes of this server:"
            " nobody else gets through then",
            mend=f"write `{COUNT} = {max(processes // 2, 1)}` or less, or allow more processes",
            severity=None if count is not None else INFO,
            parameter=COUNT if count is not None else PROCESSES,
            related=set_here((count, default if field.text == "-" else None), but=location),
            services=(view.id,),
        )
