"""A provider that takes logins under TLS only, and a client without TLS.

## What happens
The provider offers no login before TLS, and refuses mail: `530 5.7.0 Must issue a STARTTLS command first`. By
default smtp(8) begins no TLS: `smtp_tls_security_level` is empty. All mail comes back to its senders.

## Bad
```main.cf smart-host-needs-tls@3
myhostname = mail.example.com
myorigin = $mydomain
relayhost = [smtp.gmail.com]:587
smtp_sasl_auth_enable = yes
smtp_sasl_password_maps = lmdb:/etc/postfix/sasl_passwd
smtp_sasl_tls_security_options = noanonymous
```

```main.cf smart-host-needs-tls@7
myhostname = mail.example.com
myorigin = $mydomain
relayhost = [email-smtp.eu-west-1.amazonaws.com]:587
smtp_sasl_auth_enable = yes
smtp_sasl_password_maps = lmdb:/etc/postfix/sasl_passwd
smtp_sasl_tls_security_options = noanonymous
smtp_tls_security_level = none
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
relayhost = [smtp.gmail.com]:587
smtp_sasl_auth_enable = yes
smtp_sasl_password_maps = lmdb:/etc/postfix/sasl_passwd
smtp_sasl_tls_security_options = noanonymous
smtp_tls_security_level = encrypt
```

## When it is right
Never.

## References
- postconf(5) smtp_tls_security_level; SASL_README, TLS_README
- RFC 3207, section 4; RFC 8314
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding, Fix
from maillint.engine.rule import rule

from .._edits import settings_written
from ._smarthosts import MODULE, NO_TLS, ROUTES, Fault, faults, finding, is_the_only_way

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_LEVEL = "smtp_tls_security_level"


@rule(
    severity=ERROR, area="delivery", parameters=ROUTES, when_set=True, complete=True, noted=(MODULE, NO_TLS)
)
def smart_host_needs_tls(config: Configuration) -> Iterator[Finding]:
    for fault in faults(config, NO_TLS):
        level = fault.view.setting(_LEVEL)
        is_written = level is not None and bool(level.value.text)
        yield from finding(
            fault,
            f"`{fault.server.host}` refuses mail that comes without TLS, and the client begins none:"
            f" `{_LEVEL}` is {'`none`' if is_written else 'not set'}",
            f"write `{_LEVEL} = encrypt`, or `may` where the client has servers without TLS to deliver to",
            at=level.value.location() if level is not None and is_written else None,
            related=(fault.route.value.setting,),
            parameter=_LEVEL,
            fix=_fix(fault),
        )


def _fix(fault: Fault) -> Fix | None:
    beside = fault.route.value.setting
    if beside is None or not is_the_only_way(fault):
        return None
    edits = settings_written(fault.view, {_LEVEL: "encrypt"}, beside)
    return Fix("require TLS", edits) if edits is not None else None
