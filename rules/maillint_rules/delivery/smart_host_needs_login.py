"""A provider that takes mail from its customers only, and a client that does not log in.

## What happens
The provider refuses all mail of who has not logged in: `530 5.7.0 Authentication Required`. smtp(8) logs in
only with `smtp_sasl_auth_enable = yes`, and to servers for which `smtp_sasl_password_maps` has a password.

## Bad
```main.cf smart-host-needs-login@3
myhostname = mail.example.com
myorigin = $mydomain
relayhost = [smtp.gmail.com]:587
smtp_tls_security_level = encrypt
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
relayhost = [smtp.gmail.com]:587
smtp_tls_security_level = encrypt
smtp_sasl_auth_enable = yes
smtp_sasl_password_maps = lmdb:/etc/postfix/sasl_passwd
smtp_sasl_tls_security_options = noanonymous
```

## When it is right
Never.

## References
- postconf(5) smtp_sasl_auth_enable, smtp_sasl_password_maps; SASL_README
- RFC 4954
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule

from ._smarthosts import MODULE, NO_LOGIN, ROUTES, faults, finding

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_SWITCH = "smtp_sasl_auth_enable"


@rule(
    severity=ERROR, area="delivery", parameters=ROUTES, when_set=True, complete=True, noted=(MODULE, NO_LOGIN)
)
def smart_host_needs_login(config: Configuration) -> Iterator[Finding]:
    for fault in faults(config, NO_LOGIN):
        yield from finding(
            fault,
            f"`{fault.server.host}` takes mail only from who has logged in, and the client does not:"
            f" `{_SWITCH}` is off",
            f"write `{_SWITCH} = yes`, and a table with the password as `smtp_sasl_password_maps`",
            related=(fault.view.setting(_SWITCH),),
        )
