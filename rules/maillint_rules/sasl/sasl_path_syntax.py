"""The socket of the Dovecot login server is written in a way that cannot be reached.

## What happens
With `smtpd_sasl_type = dovecot`, `smtpd_sasl_path` is the path of a UNIX-domain socket, or `inet:HOST:PORT`.
When smtpd(8) cannot read the address or finds nobody there, it ends with a fatal error for every client:
nobody can send mail, with or without logging in. `HOST:PORT` without `inet:` is taken for the name of a file.

## Bad
```main.cf sasl-path-syntax@3 fragment
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:12345@127.0.0.1
```

```main.cf sasl-path-syntax@3 fragment
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = 127.0.0.1:12345
```

## Good
```main.cf fragment
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:12345
```

```main.cf fragment
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
```

## What Postfix says
```witness knock
postfix/smtpd: fatal: 12345@127.0.0.1: garbage after numerical service
```

```witness knock bad=2
postfix/smtpd: warning: SASL: Connect to Dovecot auth socket '127.0.0.1:12345' failed: No such file ...
```

## When it is right
Never.

## References
- postconf(5) smtpd_sasl_path; SASL_README
- Postfix source: xsasl/xsasl_dovecot_server.c
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, WARNING, Finding
from maillint.engine.rule import rule
from maillint.postfix.endpoints import sasl_path_problem

from .._uses import found, shown, users
from .._values import known_values
from .._words import ENDPOINT

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, View

_NAME = "smtpd_sasl_path"
_HOST_AND_PORT = r"(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]):[0-9]+"
_REVERSED = r"inet:([0-9]+)@(\S+)"


@rule(
    severity=ERROR, area="sasl", parameters=(_NAME,), when_set=True, noted=("maillint_rules._words", ENDPOINT)
)
def sasl_path_syntax(config: Configuration) -> Iterator[Finding]:
    for judged in known_values(config, _NAME):
        views = [view for view in users(judged, "smtpd") if _is_dovecot(view)]
        is_address = re.fullmatch(_HOST_AND_PORT, judged.text) is not None
        problem = sasl_path_problem(judged.text)
        if not views or (problem is None and not is_address):
            continue
        reversed = re.fullmatch(_REVERSED, judged.text)
        meant = f"inet:{judged.text}" if is_address else None
        if reversed:
            meant = f"inet:{reversed[2]}:{reversed[1]}"
        why = "would be the name of a file" if is_address else "is no address that Postfix can connect to"
        enabled = any(view.boolean("smtpd_sasl_auth_enable") for view in views)
        yield found(
            judged,
            f"{shown(judged.text)} {why}: `smtpd` finds no login server, and ends with a fatal error for"
            " every client",
            f"write `{meant}`" if meant else "write `inet:HOST:PORT`, or the path of the socket",
            users=views,
            meant=meant,
            severity=None if enabled else WARNING,
        )


def _is_dovecot(view: View) -> bool:
    return view.value("smtpd_sasl_type").text == "dovecot"
