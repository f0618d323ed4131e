"""A cache needs a table that a program can write into.

## What happens
Tables such as `texthash:`, `regexp:`, `mysql:` and `inline:` are for looking things up. Where a cache is one
of them, the program logs an error and can store nothing: addresses are probed again and again, and the sender
hears `450 Address verification in progress` for ever. With `static:`, `environ:` and `cdb:` the program ends
with a fatal error.

## Bad
```main.cf cache-map-read-only@2 fragment
smtpd_recipient_restrictions = reject_unverified_recipient
address_verify_map = texthash:/var/lib/postfix/verify
unverified_recipient_reject_code = 550
```

```main.cf cache-map-read-only@2 fragment
smtp_tls_security_level = may
smtp_tls_session_cache_database = static:none
```

## Good
```main.cf fragment
smtpd_recipient_restrictions = reject_unverified_recipient
address_verify_map = btree:$data_directory/verify
unverified_recipient_reject_code = 550
smtp_tls_security_level = may
smtp_tls_session_cache_database = lmdb:$data_directory/smtp_scache
```

## What Postfix says
```witness rcpt
postfix/verify: error: texthash:/var/lib/postfix/verify map requires O_RDONLY access mode
```

```witness deliver user@remote.example.net bad=2
postfix/tlsmgr: fatal: table static:none: sequence operation is not supported
```

## When it is right
Never. An empty value switches a cache off.

## References
- postconf(5) address_verify_map, postscreen_cache_map, smtp_tls_session_cache_database
- Postfix source: util/dict_cache.c, tls/tls_scache.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule
from maillint.postfix.tables import BAD_NAME, WRITABLE, Problem, is_known_type

from .._tables import CACHE, named_tables, refused

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

CACHES = (
    "address_verify_map",
    "lmtp_sasl_auth_cache_name",
    "lmtp_tls_session_cache_database",
    "postscreen_cache_map",
    "smtp_sasl_auth_cache_name",
    "smtp_tls_session_cache_database",
    "smtpd_tls_session_cache_database",
)
_FATAL = frozenset({"cdb", "environ", "static"})


@rule(severity=ERROR, area="tables", parameters=CACHES, when_set=True)
def cache_map_read_only(config: Configuration) -> Iterator[Finding]:
    for named in named_tables(config):
        if named.use != CACHE or "…" in named.table.type:
            continue
        for table in named.table.walk():
            if table.type in WRITABLE or not table.type or not is_known_type(table.type, config.version):
                continue
            problem = Problem(BAD_NAME, "", table.start, table.end, table.type in _FATAL)
            yield refused(
                named,
                problem,
                f"a table of the type `{table.type}` can only be read",
                "use `btree:` or `lmdb:` and a file below `$data_directory`",
            )
            break
