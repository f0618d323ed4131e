"""Mail that comes back from the content filter is sent to it again.

## What happens
`content_filter` in main.cf is for every smtpd, that for the mail which the filter gives back included. There
it must be taken away: `-o content_filter=`. Without that, each message goes round between Postfix and the
filter, until it has too many `Received:` headers, and is refused: `too many hops`.

## Bad
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
content_filter = amavis:[127.0.0.1]:10024
```
```master.cf content-filter-loop@3
smtp   inet n - n - - smtpd
amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o smtpd_milters=
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
content_filter = amavis:[127.0.0.1]:10024
```
```master.cf
smtp   inet n - n - - smtpd
amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
  -o receive_override_options=no_address_mappings
```

## When it is right
Where the filter gives mail back to another Postfix, and this service is for something else.

## References
- postconf(5) content_filter; FILTER_README, "Advanced content filter example"
- Postfix source: smtpd/smtpd.c, cleanup/cleanup_message.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, HIGH, MEDIUM, Finding, Fix
from maillint.engine.rule import rule

from .._chain import set_here
from .._edits import lines_below
from ._filters import FILTER, LOOPS, MODULE, filtering, looping_return

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(
    severity=ERROR,
    area="delivery",
    parameters=(FILTER,),
    when_set=True,
    complete=True,
    noted=(MODULE, LOOPS),
)
def content_filter_loop(config: Configuration) -> Iterator[Finding]:
    found = filtering(config)
    service = looping_return(found) if found is not None else None
    if found is None or service is None:
        return
    port = service.name.rpartition(":")[2]
    is_next = found.port.isdecimal() and port.isdecimal() and int(port) == int(found.port) + 1
    yield Finding(
        service.fields[0].location(),
        f"mail that comes back from the filter at port `{port}` goes to the filter again, round and round,"
        " until it has too many hops: the service has no `-o content_filter=`",
        mend="write `-o content_filter=` here",
        confidence=HIGH if is_next else MEDIUM,
        parameter=FILTER,
        related=set_here((found.value.setting,)),
        services=(service.id,),
        fix=Fix("send it to no filter", (lines_below(service, f"  -o {FILTER}=\n"),)),
    )
