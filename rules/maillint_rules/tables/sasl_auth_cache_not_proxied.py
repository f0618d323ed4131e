"""The cache of failed SASL logins is written by several clients, so it needs `proxy:`.

## What happens
smtp(8) ends with `fatal: SASL authentication cache name ... must start with "proxy:"`; no mail leaves.

## Bad
```main.cf sasl-auth-cache-not-proxied@3 fragment
smtp_sasl_auth_enable = yes
smtp_sasl_password_maps = hash:/etc/postfix/sasl_passwd
smtp_sasl_auth_cache_name = btree:$data_directory/sasl_auth_cache
```

## Good
```main.cf fragment
smtp_sasl_auth_enable = yes
smtp_sasl_password_maps = hash:/etc/postfix/sasl_passwd
smtp_sasl_auth_cache_name = proxy:btree:$data_directory/sasl_auth_cache
```

## What Postfix says
```witness deliver user@remote.example.net
postfix/smtp: fatal: SASL authentication cache name "btree:..." must start with "proxy:
```

## When it is right
Never.

## References
- postconf(5) smtp_sasl_auth_cache_name
- Postfix source: smtp/smtp_sasl_auth_cache.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Edit, Finding, Fix
from maillint.engine.rule import rule

from .._tables import CACHE, is_written, named_tables

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_CACHES = ("lmtp_sasl_auth_cache_name", "smtp_sasl_auth_cache_name")


@rule(severity=ERROR, area="tables", parameters=_CACHES, when_set=True)
def sasl_auth_cache_not_proxied(config: Configuration) -> Iterator[Finding]:
    for named in named_tables(config):
        if named.use != CACHE or named.parameter not in _CACHES or named.item.text.startswith("proxy:"):
            continue
        client = named.parameter.partition("_")[0]
        if named.view.boolean(f"{client}_sasl_auth_enable") is not True or "…" in named.table.type:
            continue
        meant = f"proxy:{named.item.text}"
        fix = Fix("put `proxy:` before it", (Edit(named.location(), meant),))
        yield Finding(
            named.location(),
            f"{named.readers.halt}: the cache of failed logins must be a table behind `proxy:`",
            mend=f"write `{meant}`",
            parameter=named.parameter,
            fix=fix if is_written(named, 0, named.table.end) else None,
            services=named.readers.services,
        )
