"""A relay in a form that the SMTP client cannot read.

## What happens
A relay is `HOST`, `HOST:PORT`, `[HOST]` or `[HOST]:PORT`, without a protocol in front and without a user's
name. With anything else smtp(8) ends with a fatal error for each message, and all mail stays in the queue.
Several relays, separated by comma or blank, are read since Postfix 3.5; one that cannot be read does its harm
when those before it cannot be reached.

## Bad
```main.cf relayhost-syntax@1 fragment
relayhost = [smtp.example.com:587
```

```main.cf relayhost-syntax@1 fragment
relayhost = smtps://smtp.example.com:465
```

```main.cf relayhost-syntax@1 fragment
relayhost = [smtp.example.com] 587
```

```main.cf relayhost-syntax@1 relayhost-syntax@2 fragment
relayhost = [smtp.example.com]:587000
smtp_fallback_relay = [backup.example.com]:smpt
```

## Good
```main.cf fragment
relayhost = [smtp.example.com]:587
smtp_fallback_relay = [2001:db8::1]:25, backup.example.com
```

## What Postfix says
```witness deliver user@example.net
postfix/smtp: fatal: missing "]" in server description: [smtp.example.com:587
```

```witness deliver user@example.net bad=2
postfix/smtp: fatal: valid hostname or network address required in server description: smtps:...
```

```witness deliver user@example.net bad=3
postfix/smtp: fatal: valid hostname or network address required in server description: 587
```

## When it is right
Never, unless the default transport is no SMTP client; the rule says nothing then.

## References
- postconf(5) relayhost, smtp_fallback_relay
- Postfix source: smtp/smtp_connect.c smtp_parse_destination(), util/host_port.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, WARNING, Finding
from maillint.engine.rule import rule
from maillint.postfix.endpoints import nexthop_problems, transport
from maillint.postfix.services import program_of

from .._uses import found, shown
from .._values import known_values
from ._nexthops import meant_nexthop

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_RELAYS = ("relayhost", "address_verify_relayhost")
_TRANSPORTS = ("default_transport", "relay_transport")
_FALLBACKS = ("smtp_fallback_relay", "lmtp_fallback_relay", "fallback_relay")


@rule(severity=ERROR, area="delivery", parameters=(*_RELAYS, *_FALLBACKS), when_set=True)
def relayhost_syntax(config: Configuration) -> Iterator[Finding]:
    for judged in known_values(config, *_RELAYS, *_FALLBACKS):
        if judged.parameter.name in _RELAYS and not _goes_by_smtp(config):
            continue
        for problem in nexthop_problems(judged.text, "smtp", config.version)[:1]:
            part = judged.text[problem.start : problem.end]
            meant = meant_nexthop(part)
            is_tried_first = judged.parameter.name in _RELAYS and not judged.text[: problem.start].strip()
            when = "" if is_tried_first else "when the hosts before it cannot be reached, "
            yield found(
                judged,
                f"{shown(part)} is no next hop that the SMTP client can read: {when}it ends with a fatal"
                " error, and mail stays in the queue",
                f"write `{meant}`" if meant else _mend(part),
                place=(problem.start, problem.end),
                meant=meant,
                severity=None if is_tried_first else WARNING,
            )


def _goes_by_smtp(config: Configuration) -> bool:
    """Whether a transport that a relay is for is the SMTP client."""
    names = (transport(config.main_view.value(name).text or "").name for name in _TRANSPORTS)
    return any(program_of(config, name) == "smtp" for name in names)


def _mend(part: str) -> str:
    if part.isdigit():
        return "write the port behind a colon, as in `[HOST]:587`"
    if "@" in part:
        return "write `[HOST]:PORT`; the name of the user belongs into `smtp_sasl_password_maps`"
    return "write `HOST`, `[HOST]` or `[HOST]:PORT`"
