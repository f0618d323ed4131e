"""Passwords under the addresses of senders, which the client does not look for.

## What happens
Only with `smtp_sender_dependent_authentication = yes` smtp(8) looks into `smtp_sasl_password_maps` for the
sender of a message. Without, an entry such as `anna@example.com` is never found: all mail goes by the
password of the relay, or without a login.

## Bad
```main.cf sender-keys-without-sender-auth@5
myhostname = mail.example.com
myorigin = $mydomain
relayhost = [smtp.example.org]:587
smtp_sasl_auth_enable = yes
smtp_sasl_password_maps = texthash:/etc/postfix/sasl_passwd
smtp_sasl_tls_security_options = noanonymous
smtp_tls_security_level = encrypt
```
```sasl_passwd
anna@example.com anna:correct-horse
[smtp.example.org]:587 branch:correct-horse
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
relayhost = [smtp.example.org]:587
smtp_sasl_auth_enable = yes
smtp_sender_dependent_authentication = yes
smtp_sasl_password_maps = texthash:/etc/postfix/sasl_passwd
smtp_sasl_tls_security_options = noanonymous
smtp_tls_security_level = encrypt
```
```sasl_passwd
anna@example.com anna:correct-horse
[smtp.example.org]:587 branch:correct-horse
```

## When it is right
Where they wait for the day on which it is switched on.

## References
- postconf(5) smtp_sender_dependent_authentication, smtp_sasl_password_maps; SASL_README
- Postfix source: smtp/smtp_sasl_glue.c smtp_sasl_passwd_lookup()
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding, Fix
from maillint.engine.rule import VIEW, rule

from .._chain import set_here
from .._edits import settings_written
from .._told import told
from .._uses import ids
from ..delivery._smarthosts import MODULE, SENDER_KEYS, unused_sender_keys

if TYPE_CHECKING:
    from maillint.postfix.configuration import View

_MAPS = "smtp_sasl_password_maps"
_SENDERS = "smtp_sender_dependent_authentication"


@rule(
    severity=WARNING,
    area="sasl",
    parameters=(_MAPS,),
    when_set=True,
    each=VIEW,
    noted=(MODULE, SENDER_KEYS),
    tables=True,
)
def sender_keys_without_sender_auth(view: View) -> Iterator[Finding]:
    if view.service is not None and view.daemon != "smtp":
        return
    value = view.value(_MAPS)
    if value.setting is None or told(value):
        return
    keys = unused_sender_keys(view)
    if not keys:
        return
    beside = view.setting("smtp_sasl_auth_enable")
    edits = settings_written(view, {_SENDERS: "yes"}, beside) if beside is not None else None
    more = f" and {len(keys) - 1} more" if keys[1:] else ""
    yield Finding(
        value.setting.value.location(),
        f"the passwords of `{keys[0]}`{more} are never used: `{_SENDERS}` is off, and the client looks for"
        " servers only",
        mend=f"write `{_SENDERS} = yes`",
        parameter=_SENDERS,
        related=set_here((view.setting(_SENDERS),)),
        services=ids([view]),
        fix=Fix("look for the sender, too", edits, safe=False) if edits is not None else None,
    )
