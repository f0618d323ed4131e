"""A list of TLS protocols with a name that is none.

## What happens
One unknown word spoils the whole list. A server then has no TLS at all (`Invalid TLS protocol list ...:
disabling TLS support`); a client breaks each session off (`aborting TLS session`), and the mail goes in clear
text or, where TLS is required, not at all. The names are `SSLv2`, `SSLv3`, `TLSv1`, `TLSv1.1`, `TLSv1.2` and
`TLSv1.3`, in any case, with `!`, `>=` or `<=` in front or nothing.

## Bad
```main.cf bad-tls-protocols@3 fragment
smtpd_tls_security_level = may
smtpd_tls_cert_file = none
smtpd_tls_protocols = !SSLv2, !SSLv3, !TLS1.0
```

```main.cf bad-tls-protocols@2 fragment
smtp_tls_security_level = encrypt
smtp_tls_mandatory_protocols = ! SSLv3
```

```main.cf bad-tls-protocols@2 fragment
smtp_tls_security_level = encrypt
smtp_tls_mandatory_protocols = TLSv1_2
```

## Good
```main.cf fragment
smtpd_tls_security_level = may
smtpd_tls_cert_file = none
smtpd_tls_protocols = >=TLSv1.2
smtp_tls_mandatory_protocols = !SSLv2:!SSLv3, !tlsv1 !TLSv1.1
```

## What Postfix says
```witness connect
postfix/smtpd: warning: Invalid TLS protocol list "!SSLv2, !SSLv3, !TLS1.0": disabling TLS support
```

## When it is right
Never.

## References
- postconf(5) smtpd_tls_protocols, smtp_tls_mandatory_protocols
- Postfix source: tls/tls_misc.c tls_proto_mask_lims()
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, WARNING, Finding
from maillint.engine.rule import rule
from maillint.nearest import nearest
from maillint.postfix.tls import NOT_A_PROTOCOL, protocol_names

from .._uses import each_cause, found, shown
from ._lists import PARAMETERS, bad_protocols, consequence, is_used

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_NAME = r"(?i)(ssl|tls)[ _-]?v?[ _-]?([123])(?:[._-]?([0-3]))?"


@rule(severity=ERROR, area="tls", parameters=PARAMETERS, when_set=True)
def bad_tls_protocols(config: Configuration) -> Iterator[Finding]:
    yield from each_cause(_findings(config))


def _findings(config: Configuration) -> Iterator[Finding]:
    for judged, problem in bad_protocols(config, NOT_A_PROTOCOL):
        item = problem.item
        names = protocol_names(config.version)
        meant = _meant(problem.name, names)
        sign = item.text.removesuffix(problem.name)
        mend = f"write `{sign}{meant}`" if meant else f"write names out of `{'`, `'.join(names)}`"
        if not problem.name:
            mend = f"write the name right behind `{sign}`"
        effect = consequence(judged.parameter.name)
        yield found(
            judged,
            f"{shown(item.text)} is no TLS protocol, and spoils the whole list: {effect}",
            mend,
            place=(item.start, item.end),
            meant=f"{sign}{meant}" if meant else None,
            severity=None if is_used(judged) else WARNING,
        )


def _meant(name: str, names: tuple[str, ...]) -> str | None:
    form = re.fullmatch(_NAME, name)
    if form is None:
        return nearest(name, names)
    family, major, minor = form[1], form[2], form[3] or "0"
    meant = f"{family.upper()}v{major}" + (f".{minor}" if minor != "0" else "")
    return meant if meant in names else None
