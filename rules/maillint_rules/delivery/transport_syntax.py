"""A transport whose name is missing, or whose next hop its program cannot read.

## What happens
A transport is the name of a service in master.cf, and may have a next hop behind a colon: `smtp:[HOST]:PORT`,
`lmtp:unix:PATH`, `lmtp:inet:HOST:PORT`. Without a name (`null transport is not allowed`) the mail stays in
the queue. With a next hop that they cannot take apart, smtp(8) and lmtp(8) end with a fatal error for each
message. smtp(8) knows neither `unix:` nor `inet:`. Other programs are given the next hop as it stands.

## Bad
```main.cf transport-syntax@1 fragment
local_transport = :mail.example.com
```

```main.cf transport-syntax@1 fragment
default_transport = smtp:[smtp.example.com
relay_transport = $default_transport
```

```main.cf transport-syntax@1 fragment
local_transport = smtp:inet:127.0.0.1:10024
```

```main.cf transport-syntax@1 fragment
mailbox_transport = lmtp:inet:[::1:24
```

## Good
```main.cf fragment
local_transport = lmtp:unix:private/dovecot-lmtp
virtual_transport = lmtp:inet:127.0.0.1:24
default_transport = smtp:[smtp.example.com]:587
relay_transport = error:5.1.1 no mail [for anybody
```

## What Postfix says
```witness rcpt
postfix/trivial-rewrite: warning: file /etc/postfix/main.cf: parameter local_transport: null transport ...
```

```witness deliver user@example.net bad=2
postfix/smtp: fatal: missing "]" in server description: [smtp.example.com
```

```witness deliver bad=3
postfix/smtp: fatal: valid hostname or network address required in server description: inet:127.0.0.1:10024
```

## When it is right
Never.

## References
- postconf(5) default_transport, virtual_transport, content_filter; transport(5)
- Postfix source: trivial-rewrite/resolve.c, smtp/smtp_connect.c, global/deliver_pass.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule
from maillint.postfix.endpoints import nexthop_problems, transport
from maillint.postfix.services import program_of

from .._told import is_placeholder
from .._uses import each_cause, found, shown
from .._values import judged_values
from ._nexthops import meant_nexthop

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

    from .._values import Judged

_PARAMETERS = (
    "local_transport",
    "virtual_transport",
    "relay_transport",
    "default_transport",
    "address_verify_local_transport",
    "address_verify_virtual_transport",
    "address_verify_relay_transport",
    "address_verify_default_transport",
    "content_filter",
    "mailbox_transport",
    "fallback_transport",
    "best_mx_transport",
)


@rule(severity=ERROR, area="delivery", parameters=_PARAMETERS, when_set=True)
def transport_syntax(config: Configuration) -> Iterator[Finding]:
    yield from each_cause(_findings(config))


def _findings(config: Configuration) -> Iterator[Finding]:
    for judged in judged_values(config):
        if judged.parameter.kind != "transport" or not judged.value.text:
            continue
        name, nexthop, start = transport(judged.text)
        if not name:
            yield found(
                judged,
                "the name of the transport is missing in front of the colon: mail for it stays in the queue",
                "write the name of a service in master.cf, such as `smtp`",
            )
        elif not is_placeholder(nexthop):
            program = program_of(config, name)
            if program in ("smtp", "lmtp"):
                yield from _nexthop_findings(judged, program, nexthop, start)


def _nexthop_findings(judged: Judged, program: str, nexthop: str, start: int) -> Iterator[Finding]:
    for problem in nexthop_problems(nexthop, program, judged.view.configuration.version)[:1]:
        part = nexthop[problem.start : problem.end]
        meant = meant_nexthop(part)
        if program == "smtp" and nexthop.startswith(("unix:", "inet:")):
            mend = f"write `lmtp:{nexthop}`" if nexthop.startswith("unix:") else f"write `{nexthop[5:]}`"
            why = f"`smtp` knows no next hop with `{nexthop[:5]}`"
        else:
            mend = f"write `{meant}`" if meant else "write `HOST`, `[HOST]` or `[HOST]:PORT`"
            why = f"{shown(part)} is no next hop that `{program}` can read"
        yield found(
            judged,
            f"{why}: it ends with a fatal error, and mail stays in the queue",
            mend,
            place=(start + problem.start, start + problem.end),
            meant=meant,
        )
