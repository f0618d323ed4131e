"""The log holds what is said in TLS sessions.

## What happens
From level 2 on Postfix logs each step of a TLS negotiation, dozens of lines for each connection, in which the
lines that matter drown. Level 3 adds the bytes of the negotiation; level 4 the bytes of all that follows and,
in clear text, the first 40 characters of each command and reply: passwords stand in the log.

## Bad
```main.cf tls-loglevel-high@1 fragment
smtpd_tls_loglevel = 4
```

```main.cf tls-loglevel-high@1 fragment
smtp_tls_loglevel = 2
```

## Good
```main.cf fragment
smtpd_tls_loglevel = 1
smtp_tls_loglevel = 1
```

## When it is right
While something is wrong with TLS; for one client, `debug_peer_list` is better.

## References
- postconf(5) smtpd_tls_loglevel; TLS_README
- Postfix source: tls/tls_misc.c (tls_log_table), tls/tls_stream.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, WARNING, Finding
from maillint.engine.rule import rule
from maillint.postfix.tls import PACKETS, SESSIONS, log_level

from .._uses import each_cause, found, shown
from .._values import known_values
from .._words import LOUD

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_PARAMETERS = (
    "smtpd_tls_loglevel",
    "smtp_tls_loglevel",
    "lmtp_tls_loglevel",
    "postscreen_tls_loglevel",
    "tlsproxy_tls_loglevel",
    "tlsproxy_client_loglevel",
)
_EFFECTS = {
    2: "dozens of lines in the log for each TLS session",
    PACKETS: "the bytes of each TLS negotiation stand in the log",
    SESSIONS: "passwords stand in the log, in clear text",
}


@rule(
    severity=WARNING,
    area="tls",
    parameters=_PARAMETERS,
    when_set=True,
    noted=("maillint_rules._words", LOUD),
    security=True,
)
def tls_loglevel_high(config: Configuration) -> Iterator[Finding]:
    yield from each_cause(_findings(config))


def _findings(config: Configuration) -> Iterator[Finding]:
    for judged in known_values(config, *_PARAMETERS):
        level = log_level(judged.text)
        if level >= min(_EFFECTS):
            yield found(
                judged,
                f"{_EFFECTS[level]}: {shown(judged.text)} is for looking into a problem",
                "write `1`",
                meant="1",
                severity=None if level >= PACKETS else INFO,
            )
