"""A password may go to the relay without TLS.

## What happens
`smtp_sasl_security_options` without `noplaintext` lets smtp(8) send its password as it is, and TLS is only a
wish: at the levels `may` and `dane`, mail goes without TLS when the server does not offer it. Whoever sits
between can take the offer out of what the server says, and reads the password.

## Bad
```main.cf sasl-client-cleartext@4
myhostname = mail.example.com
myorigin = $mydomain
relayhost = [smtp.example.org]:587
smtp_tls_security_level = may
smtp_sasl_auth_enable = yes
smtp_sasl_password_maps = lmdb:/etc/postfix/sasl_passwd
smtp_sasl_security_options = noanonymous
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
relayhost = [smtp.example.org]:587
smtp_tls_security_level = encrypt
smtp_sasl_auth_enable = yes
smtp_sasl_password_maps = lmdb:/etc/postfix/sasl_passwd
smtp_sasl_security_options = noanonymous
```

Under TLS only:

```main.cf
myhostname = mail.example.com
myorigin = $mydomain
relayhost = [smtp.example.org]:587
smtp_tls_security_level = may
smtp_sasl_auth_enable = yes
smtp_sasl_password_maps = lmdb:/etc/postfix/sasl_passwd
smtp_sasl_tls_security_options = noanonymous
```

## When it is right
On a network that is one's own. Relays on the host itself, at private addresses and with names without a
domain are left alone.

## References
- postconf(5) smtp_sasl_security_options, smtp_tls_security_level; SASL_README
- RFC 4954, section 4; RFC 8314, section 3
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix.smarthost import tls_level

from .._edits import settings_written
from ..delivery._smarthosts import CLEARTEXT, MODULE, Fault, faults, finding, is_the_only_way

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_LEVEL = "smtp_tls_security_level"
_OPTIONS = "smtp_sasl_security_options"


@rule(
    severity=WARNING,
    area="sasl",
    parameters=(_OPTIONS,),
    when_set=True,
    complete=True,
    noted=(MODULE, CLEARTEXT),
    security=True,
)
def sasl_client_cleartext(config: Configuration) -> Iterator[Finding]:
    for fault in faults(config, CLEARTEXT):
        level, options = fault.view.setting(_LEVEL), fault.view.setting(_OPTIONS)
        culprit = level if level is not None and level.value.text else options
        if culprit is None:
            continue
        word = tls_level(fault.route, fault.server)
        yield from finding(
            fault,
            f"the password for `{fault.server.text}` may go without TLS, for all on the way to read: the TLS"
            f" level is `{word}`, and `{_OPTIONS}` lets PLAIN and LOGIN pass",
            f"write `{_LEVEL} = encrypt`, or leave `{_OPTIONS}` at its default and write"
            " `smtp_sasl_tls_security_options = noanonymous`",
            at=culprit.value.location() if culprit.value.text else culprit.name_location,
            related=(options, fault.route.value.setting),
            parameter=culprit.name,
            fix=_fix(fault),
        )


def _fix(fault: Fault) -> Fix | None:
    """Where all mail goes to servers at a port for logins, these have TLS."""
    beside = fault.view.setting(_OPTIONS)
    if beside is None or fault.view.value("smtp_tls_policy_maps").text != "":
        return None
    edits = settings_written(fault.view, {_LEVEL: "encrypt"}, beside)
    if edits is None:
        return None
    is_known = fault.provider is not None and fault.server.port in fault.provider.starttls
    return Fix("require TLS", edits, safe=is_known and is_the_only_way(fault))
