"""Addresses are rewritten behind the milter that signs.

## What happens
A milter signs the message as it comes in. `smtp_generic_maps` rewrites its envelope and headers later, when
smtp(8) delivers it: where an address in `From` or another signed header is in that table, the signature no
longer fits, and receivers see a message that somebody has tampered with (`dkim=fail`).

## Bad
```main.cf sender-rewriting-breaks-dkim@6
myhostname = web01.example.com
myorigin = $mydomain
compatibility_level = 3.6
smtpd_milters = unix:opendkim/opendkim.sock
non_smtpd_milters = $smtpd_milters
smtp_generic_maps = lmdb:/etc/postfix/generic
```

## Good
```main.cf
myhostname = web01.example.com
myorigin = $mydomain
compatibility_level = 3.6
smtpd_milters = unix:opendkim/opendkim.sock
non_smtpd_milters = $smtpd_milters
sender_canonical_maps = lmdb:/etc/postfix/canonical
```

## When it is right
Where the table has addresses alone that the milter does not sign for.

## References
- postconf(5) smtp_generic_maps, non_smtpd_milters
- MILTER_README; ADDRESS_REWRITING_README
- RFC 6376, section 3.7
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, MEDIUM, Finding
from maillint.engine.rule import rule

from .._chain import set_here
from ._names import smtp_client

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.syntax.tree import Setting

_SIGNS = re.compile(r"dkim|rspamd|:(?:8891|11332|12301)\b", re.IGNORECASE)
"""The sockets of OpenDKIM and rspamd, by their names and usual ports."""


@rule(severity=INFO, area="identity", parameters=("smtp_generic_maps",), when_set=True)
def sender_rewriting_breaks_dkim(config: Configuration) -> Iterator[Finding]:
    client = smtp_client(config)
    value = client.value("smtp_generic_maps")
    signer = _signer(config)
    if value.setting is None or not value.text or signer is None:
        return
    yield Finding(
        value.setting.value.location(),
        "the signatures of mail whose addresses are in this table do not fit: the milter signs before smtp"
        " rewrites",
        mend="rewrite before the milter, with `sender_canonical_maps` or `canonical_maps`",
        confidence=MEDIUM,
        parameter="smtp_generic_maps",
        related=set_here((signer,)),
        services=(client.id,) if client.id and value.setting.service is not None else (),
    )


def _signer(config: Configuration) -> Setting | None:
    """Where a milter is named that is known to sign."""
    for view in config.views:
        for name in ("non_smtpd_milters", "smtpd_milters"):
            value = view.value(name)
            if value.setting is not None and _SIGNS.search(value.text or ""):
                return value.setting
    return None
