"""The password for the relay stands under a key that the client does not look for.

## What happens
In `smtp_sasl_password_maps` smtp(8) looks for the name of the server, and for the next hop exactly as it is
written in `relayhost` or in the table that has it, with its brackets and port. With `[smtp.example.org]:587`
these are `smtp.example.org` and `[smtp.example.org]:587`. An entry for `[smtp.example.org]`, without the
port, is never found. The client then does not log in at all, says nothing of it, and the relay refuses the
mail: `530 Authentication required`, `554 Relay access denied`.

## Bad
```main.cf sasl-password-key-mismatch@3
myhostname = mail.example.com
myorigin = $mydomain
relayhost = [smtp.example.org]:587
smtp_tls_security_level = encrypt
smtp_sasl_auth_enable = yes
smtp_sasl_password_maps = texthash:/etc/postfix/sasl_passwd
smtp_sasl_tls_security_options = noanonymous
```
```sasl_passwd
[smtp.example.org] anna:correct-horse
```

```main.cf sasl-password-key-mismatch@3 relayhost-without-brackets@3
myhostname = mail.example.com
myorigin = $mydomain
relayhost = smtp.example.org:587
smtp_tls_security_level = encrypt
smtp_sasl_auth_enable = yes
smtp_sasl_password_maps = texthash:/etc/postfix/sasl_passwd
smtp_sasl_tls_security_options = noanonymous
```
```sasl_passwd
[smtp.example.org]:587 anna:correct-horse
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
relayhost = [smtp.example.org]:587
smtp_tls_security_level = encrypt
smtp_sasl_auth_enable = yes
smtp_sasl_password_maps = texthash:/etc/postfix/sasl_passwd
smtp_sasl_tls_security_options = noanonymous
```
```sasl_passwd
[smtp.example.org]:587 anna:correct-horse
```

```main.cf
myhostname = mail.example.com
myorigin = $mydomain
relayhost = [smtp.example.org]:587
smtp_tls_security_level = encrypt
smtp_sasl_auth_enable = yes
smtp_sasl_password_maps = texthash:/etc/postfix/sasl_passwd
smtp_sasl_tls_security_options = noanonymous
```
```sasl_passwd
smtp.example.org anna:correct-horse
```

## When it is right
Where the relay takes mail at this port without a login, and the password is for another one. Tables that do
not lie beside main.cf are not judged.

## References
- postconf(5) smtp_sasl_password_maps, smtp_sender_dependent_authentication; SASL_README
- Postfix source: smtp/smtp_sasl_glue.c smtp_sasl_passwd_lookup()
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix.smarthost import password_keys

from ..delivery._smarthosts import MODULE, NO_KEY, Fault, close_keys, faults, finding

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_MAPS = "smtp_sasl_password_maps"


@rule(severity=ERROR, area="sasl", parameters=(_MAPS,), when_set=True, noted=(MODULE, NO_KEY))
def sasl_password_key_mismatch(config: Configuration) -> Iterator[Finding]:
    for fault in faults(config, NO_KEY):
        wanted = " and ".join(f"`{key}`" for key in password_keys(fault.server))
        there = close_keys(fault)
        has = f"; it has {' and '.join(f'`{key}`' for key in there)}" if there else ""
        yield from finding(
            fault,
            f"`{_MAPS}` has no password for `{fault.server.text}`: the client looks for {wanted}{has}. It"
            " does not log in, and the server refuses the mail",
            f"make `{fault.server.text}` the key of the password",
            related=(fault.view.setting(_MAPS),),
            fix=_fix(fault, there),
        )


def _fix(fault: Fault, there: list[str]) -> Fix | None:
    """Brackets that only the table has belong into the next hop, too."""
    location = fault.route.location(fault.server)
    if location is None or location.text != fault.server.text or fault.route.entry is not None:
        return None
    host = fault.server.text[: len(fault.server.host)]
    meant = f"[{host}]{fault.server.text[len(host) :]}"
    if meant.lower() not in map(str.lower, there):
        return None
    return Fix.write(location, meant)
