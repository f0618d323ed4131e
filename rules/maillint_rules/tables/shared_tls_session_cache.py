"""Two TLS session caches may not be one file.

## What happens
tlsmgr(8) ends with `fatal: do not use the same TLS cache file`, again and again. Without it no program has
TLS: smtpd cuts clients off or goes on without TLS, and so does smtp.

## Bad
```main.cf shared-tls-session-cache@3 fragment
smtp_tls_security_level = may
smtp_tls_session_cache_database = btree:$data_directory/scache
lmtp_tls_session_cache_database = btree:$data_directory/scache
```

## Good
```main.cf fragment
smtp_tls_security_level = may
smtp_tls_session_cache_database = btree:$data_directory/smtp_scache
lmtp_tls_session_cache_database = btree:$data_directory/lmtp_scache
```

## What Postfix says
```witness deliver
postfix/tlsmgr: fatal: do not use the same TLS cache file btree:... for smtp and lmtp
```

## When it is right
Never.

## References
- postconf(5) smtp_tls_session_cache_database
- Postfix source: tlsmgr/tlsmgr.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule
from maillint.postfix.typed import value_of

from .._chain import set_here
from .._told import told

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, Value

_PROGRAMS = ("smtpd", "smtp", "lmtp")
"""In the order in which tlsmgr(8) opens their caches."""
_CACHES = tuple(f"{program}_tls_session_cache_database" for program in _PROGRAMS)


@rule(severity=ERROR, area="tables", parameters=_CACHES, when_set=True)
def shared_tls_session_cache(config: Configuration) -> Iterator[Finding]:
    view = next((view for view in config.views if view.daemon == "tlsmgr"), config.main_view)
    seen: dict[str, Value] = {}
    for program, name in zip(_PROGRAMS, _CACHES, strict=True):
        value = view.value(name)
        if (
            not value.text
            or told(value)
            or (value_of(view, f"{program}_tls_session_cache_timeout") or 0) <= 0
        ):
            continue
        other = seen.setdefault(value.text, value)
        if other is value:
            continue
        location = value.location() or other.location()
        if location is None:
            continue
        yield Finding(
            location,
            f"`tlsmgr` stops with a fatal error, and no program has TLS: `{value.text}` is two TLS session"
            " caches at once",
            mend=f"give `{name}` a file of its own, or leave it empty",
            parameter=name,
            related=set_here((other.setting, *value.chain[1:]), but=location),
        )
