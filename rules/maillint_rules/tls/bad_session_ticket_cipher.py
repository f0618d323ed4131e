"""Session tickets are to be encrypted with a cipher that cannot do it.

## What happens
Only ciphers in CBC mode with blocks of 16 bytes and keys of 16 to 32 bytes will do, such as `aes-256-cbc`.
With another one smtpd(8) warns `session tickets disabled`, and clients must negotiate in full each time.

## Bad
```main.cf bad-session-ticket-cipher@3 fragment
smtpd_tls_security_level = may
smtpd_tls_cert_file = none
tls_session_ticket_cipher = aes-256-gcm
```

## Good
```main.cf fragment
smtpd_tls_security_level = may
smtpd_tls_cert_file = none
tls_session_ticket_cipher = AES-128-CBC
```

## What Postfix says
```witness connect
postfix/smtpd: warning: tls_session_ticket_cipher: invalid value: aes-256-gcm; session tickets disabled
```

## When it is right
Never: an empty value switches tickets off without a warning.

## References
- postconf(5) tls_session_ticket_cipher
- Postfix source: tls/tls_server.c tls_server_init()
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding
from maillint.engine.rule import rule
from maillint.postfix.tls import may_be_ticket_cipher

from .._uses import found, shown
from .._values import known_values

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_NAME = "tls_session_ticket_cipher"


@rule(severity=WARNING, area="tls", parameters=(_NAME,), when_set=True)
def bad_session_ticket_cipher(config: Configuration) -> Iterator[Finding]:
    for judged in known_values(config, _NAME):
        if judged.text and not may_be_ticket_cipher(judged.text):
            yield found(
                judged,
                f"session tickets cannot be encrypted with {shown(judged.text)}: there will be none",
                "write `aes-256-cbc`",
                meant="aes-256-cbc",
            )
