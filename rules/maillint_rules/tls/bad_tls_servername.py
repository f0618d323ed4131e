"""The name that the client asks the server for is no name of a host.

## What happens
`smtp_tls_servername` is `hostname`, `nexthop` or a name. With anything else no TLS session comes about, and
all mail is deferred: `specifies an invalid hostname`.

## Bad
```main.cf bad-tls-servername@3 fragment
relayhost = [127.0.0.1]:2525
smtp_tls_security_level = encrypt
smtp_tls_servername = [mail.example.com]
```

## Good
```main.cf fragment
relayhost = [127.0.0.1]:2525
smtp_tls_security_level = encrypt
smtp_tls_servername = mail.example.com
```

## What Postfix says
```witness deliver user@example.net
postfix/smtp: warning: "smtp_tls_servername = [mail.example.com]" specifies an invalid hostname
```

## When it is right
Never.

## References
- postconf(5) smtp_tls_servername
- Postfix source: smtp/smtp_tls_policy.c policy_create()
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, WARNING, Finding
from maillint.engine.rule import rule
from maillint.postfix.tls import NONE, client_level, has_policies
from maillint.postfix.typed import is_hostname

from .._uses import found, shown, users
from .._values import known_values

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_CLIENTS = {"smtp_tls_servername": "smtp", "lmtp_tls_servername": "lmtp"}


@rule(severity=ERROR, area="tls", parameters=tuple(_CLIENTS), when_set=True)
def bad_tls_servername(config: Configuration) -> Iterator[Finding]:
    for judged in known_values(config, *_CLIENTS):
        if not judged.text or is_hostname(judged.text):
            continue
        client = _CLIENTS[judged.parameter.name]
        views = users(judged, client)
        used = any(client_level(view, client) != NONE or has_policies(view, client) for view in views)
        bare = judged.text.partition(":")[0].strip("[]") if judged.text.count(":") <= 1 else ""
        yield found(
            judged,
            f"{shown(judged.text)} is no name of a host: no TLS session comes about, and mail is deferred",
            f"write `{bare}`" if is_hostname(bare) else "write `hostname`, `nexthop` or a name",
            users=views,
            meant=bare if is_hostname(bare) else None,
            severity=None if used else WARNING,
        )
