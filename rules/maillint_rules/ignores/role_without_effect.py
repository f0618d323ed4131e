"""A comment that tells the role of the host, and has no effect.

## What happens
`# maillint: role[mx, submission]` in main.cf says what the host is for, and decides alone which rules about
something missing it needs. Here the name is that of no role, or the comment stands in another file, so
maillint works the roles out as if it were not there.

The roles are null-client, send-only, satellite, gateway, mx, backup-mx, virtual-hosting, list-server,
submission and lan-hub; `maillint show --role` tells which ones the files show.

## Bad
```main.cf role-without-effect@1 fragment
# maillint: role[mx, submision]
smtpd_helo_required = yes
```

```main.cf
compatibility_level = 3.6
myhostname = mx.example.org
myorigin = example.org
```
```master.cf role-without-effect@1
# maillint: role[mx]
smtp inet n - n - - smtpd
pickup unix n - n 60 1 pickup
```

## Good
```main.cf fragment
# maillint: role[mx, submission] the lists are in a database
smtpd_helo_required = yes
```

## When it is right
Never.

## References
- `maillint show --role`
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding, Fix
from maillint.engine.rule import IGNORES, rule
from maillint.nearest import nearest
from maillint.postfix.role import ROLES

if TYPE_CHECKING:
    from maillint.engine.suppression import Ignores


@rule(severity=WARNING, area="ignores", each=IGNORES)
def role_without_effect(ignores: Ignores) -> Iterator[Finding]:
    for name, location, in_main_cf in ignores.roles:
        if name not in ROLES:
            near = nearest(name, ROLES)
            yield Finding(
                location,
                f"there is no role `{name}`, so this comment does not tell what the host is",
                mend=f"write `{near}`" if near else f"write one of {', '.join(ROLES)}",
                fix=Fix.write(location, near) if near else None,
            )
        elif not in_main_cf:
            yield Finding(
                location,
                "the roles of a host are told in main.cf; this comment has no effect",
                mend="write the comment into main.cf",
            )
