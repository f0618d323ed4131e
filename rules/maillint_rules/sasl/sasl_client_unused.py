"""Passwords for relays that the client never uses.

## What happens
`smtp_sasl_password_maps` is looked into only with `smtp_sasl_auth_enable = yes`, which is not the default.
smtp(8) sends mail without logging in, and a relay that wants a login refuses it.

## Bad
```main.cf sasl-client-unused@4
myhostname = mail.example.com
myorigin = $mydomain
relayhost = [smtp.example.org]:587
smtp_sasl_password_maps = lmdb:/etc/postfix/sasl_passwd
smtp_sasl_tls_security_options = noanonymous
smtp_tls_security_level = encrypt
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
relayhost = [smtp.example.org]:587
smtp_sasl_auth_enable = yes
smtp_sasl_password_maps = lmdb:/etc/postfix/sasl_passwd
smtp_sasl_tls_security_options = noanonymous
smtp_tls_security_level = encrypt
```

```main.cf
myhostname = mail.example.com
myorigin = $mydomain
smtp_sasl_password_maps = lmdb:/etc/postfix/sasl_passwd
transport_maps = inline:{ example.org=login:[smtp.example.org]:587 }
```
```master.cf
smtp  unix - - n - - smtp
login unix - - n - - smtp
  -o smtp_sasl_auth_enable=yes
  -o smtp_tls_security_level=encrypt
  -o smtp_sasl_tls_security_options=noanonymous
```

## When it is right
Where the login is off for the time being; `smtp_sasl_auth_enable = no` says so.

## References
- postconf(5) smtp_sasl_auth_enable, smtp_sasl_password_maps; SASL_README
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix.services import views_of

from .._edits import settings_written
from .._told import told
from .._words import NO_LOGIN
from ..delivery import _smarthosts

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_SWITCH = "smtp_sasl_auth_enable"
_MAPS = "smtp_sasl_password_maps"


@rule(
    severity=INFO,
    area="sasl",
    parameters=(_MAPS,),
    when_set=True,
    complete=True,
    noted=("maillint_rules._words", NO_LOGIN),
)
def sasl_client_unused(config: Configuration) -> Iterator[Finding]:
    view = config.main_view
    value = view.value(_MAPS)
    if value.setting is None or not value.text or told(value):
        return
    clients = [view, *views_of(config, "smtp")]
    is_told = next(_smarthosts.faults(config, _smarthosts.NO_LOGIN), None) is not None
    if is_told or any(client.is_set(_SWITCH) for client in clients):
        return
    edits = settings_written(view, {_SWITCH: "yes"}, value.setting)
    yield Finding(
        value.setting.name_location,
        f"the client never looks for a password: `{_SWITCH}` is off by default",
        mend=f"write `{_SWITCH} = yes`, or `{_SWITCH} = no` if that is meant",
        parameter=_SWITCH,
        fix=Fix("log in", edits, safe=False) if edits is not None else None,
    )
