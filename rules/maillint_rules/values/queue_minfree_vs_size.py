"""The disk may fill up with one message.

## What happens
`queue_minfree` is the space that must be free for smtpd(8) to accept mail. Less than 1.5 times
`message_size_limit` is too little: the server takes a message and finds in the middle of it that the disk is
full, and the client sends it again and again. Each smtpd(8) logs a warning when it is started.

## Bad
```main.cf queue-minfree-vs-size@2 fragment
message_size_limit = 26214400
queue_minfree = 30000000
```

## Good
```main.cf fragment
message_size_limit = 26214400
queue_minfree = 52428800
```

```main.cf fragment
message_size_limit = 26214400
queue_minfree = 0
```

## What Postfix says
```witness connect
postfix/smtpd: warning: queue_minfree(30000000) should be at least 1.5*message_size_limit(26214400)
```

## When it is right
Never: 0, the default, turns the check off.

## References
- postconf(5) queue_minfree, message_size_limit
- Postfix source: smtpd/smtpd.c (post_jail_init)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding
from maillint.engine.rule import VIEW, rule
from maillint.postfix.typed import value_of

from .._chain import set_here

if TYPE_CHECKING:
    from maillint.postfix.configuration import View

_FREE, _LIMIT = "queue_minfree", "message_size_limit"


@rule(severity=WARNING, area="values", parameters=(_FREE,), when_set=True, each=VIEW)
def queue_minfree_vs_size(view: View) -> Iterator[Finding]:
    free, limit = value_of(view, _FREE), value_of(view, _LIMIT)
    place = view.value(_FREE).location()
    if free is None or limit is None or place is None or view.daemon not in (None, "smtpd"):
        return
    if free > 0 and limit > 0 and free / 1.5 < limit:
        yield Finding(
            place,
            f"`{_FREE}` is less than 1.5 times `{_LIMIT}`, which is {limit}: `smtpd` may run out of disk"
            " space while it takes a message, and warns each time that it starts",
            mend=f"write `{limit * 3 // 2 + limit * 3 % 2}` or more, or 0 for no check",
            parameter=_FREE,
            related=set_here((*view.value(_FREE).chain, view.setting(_LIMIT)), but=place),
        )
