"""Two tables of TLS policies, of which the old one is not read.

## What happens
Where `smtp_tls_policy_maps` is set, smtp(8) ignores `smtp_tls_per_site`, and says so each time it starts: the
destinations in the old table have no policy of their own.

## Bad
```main.cf per-site-ignored@2 fragment postfix=3.7
smtp_tls_policy_maps = inline:{{example.com = encrypt}}
smtp_tls_per_site = inline:{{example.net = MUST}}
smtp_tls_security_level = may
```

## Good
```main.cf fragment postfix=3.7
smtp_tls_policy_maps = inline:{{example.com = encrypt}}
smtp_tls_security_level = may
```

## What Postfix says
```witness deliver user@example.net
postfix/smtp: warning: smtp_tls_per_site ignored when smtp_tls_policy_maps is not empty.
```

## When it is right
Never.

## References
- postconf(5) smtp_tls_per_site, smtp_tls_policy_maps
- Postfix source: smtp/smtp_tls_policy.c smtp_tls_list_init()
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding
from maillint.engine.rule import VIEW, rule

from .._chain import set_here
from .._told import told
from .._uses import clients_of

if TYPE_CHECKING:
    from maillint.postfix.configuration import View


@rule(
    severity=WARNING,
    area="tls",
    parameters=("smtp_tls_per_site", "lmtp_tls_per_site"),
    when_set=True,
    each=VIEW,
)
def per_site_ignored(view: View) -> Iterator[Finding]:
    for client in clients_of(view, "_tls_per_site"):
        old, new = view.value(f"{client}_tls_per_site"), view.value(f"{client}_tls_policy_maps")
        if old.setting is None or not old.text or not new.text or told(old) or told(new):
            continue
        yield Finding(
            old.setting.value.location(),
            f"this table is not read, because `{client}_tls_policy_maps` is set",
            mend=f"move its entries to `{client}_tls_policy_maps`, and remove the line",
            parameter=f"{client}_tls_per_site",
            related=set_here((new.setting,)),
        )
