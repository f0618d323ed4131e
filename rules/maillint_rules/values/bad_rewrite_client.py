"""A word that cannot say whose headers are completed.

## What happens
`local_header_rewrite_clients` knows six words. smtpd(8) skips another one with a warning for each message,
and goes on with the next: the clients that were meant keep their bare addresses in headers. Restrictions such
as `permit` and `reject` are none of the words, and an address is none either.

## Bad
```main.cf bad-rewrite-client@1 fragment
local_header_rewrite_clients = permit_mynetwork
```

```main.cf bad-rewrite-client@1 fragment
local_header_rewrite_clients = permit_inet_interfaces, 192.0.2.0/24
```

## Good
```main.cf fragment
local_header_rewrite_clients = permit_mynetworks, permit_sasl_authenticated, texthash:/etc/postfix/clients
```

```main.cf fragment
local_header_rewrite_clients = permit_inet_interfaces check_address_map cidr:{{192.0.2.0/24 ok}}
```

## What Postfix says
```witness rcpt
postfix/smtpd: warning: parameter local_header_rewrite_clients: invalid request: permit_mynetwork
```

## When it is right
Never.

## References
- postconf(5) local_header_rewrite_clients
- Postfix source: smtpd/smtpd_check.c (smtpd_check_rewrite)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding
from maillint.engine.rule import rule
from maillint.nearest import nearest
from maillint.syntax.lists import split_list

from .._programs import readers
from .._values import judged_values
from ._refused import related, replacement, shown

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

    from .._values import Judged

_NAME = "local_header_rewrite_clients"
_WITH_TABLE = "check_address_map"
_WORDS = (
    "permit_inet_interfaces",
    "permit_mynetworks",
    "permit_sasl_authenticated",
    "permit_tls_all_clientcerts",
    "permit_tls_clientcerts",
    _WITH_TABLE,
)


@rule(severity=WARNING, area="values", parameters=(_NAME,), when_set=True)
def bad_rewrite_client(config: Configuration) -> Iterator[Finding]:
    for judged in judged_values(config):
        if judged.parameter.name == _NAME and judged.value.text is not None:
            yield from _findings(judged)


def _findings(judged: Judged) -> Iterator[Finding]:
    who = readers(judged)
    previous = word = ""
    for item in split_list(judged.text, braces=True):
        previous, word = word, item.text.lower()
        if who is None or previous == _WITH_TABLE or ":" in word or word in _WORDS:
            continue
        meant = nearest(item.text, _WORDS)
        place = (item.start, item.end)
        yield Finding(
            judged.location(*place),
            f"`smtpd` skips {shown(item.text)}, with a warning for each message: `{_NAME}` has no such word",
            mend=f"write `{meant}`"
            if meant
            else "write `check_address_map` and a table, or one of the words",
            parameter=_NAME,
            related=related(judged),
            fix=replacement(judged, meant, sure=True, place=place),
            services=who.services,
        )
