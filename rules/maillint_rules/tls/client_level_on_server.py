"""A TLS level that only clients have, on a server.

## What happens
A server checks nobody's certificate because of its level: `verify`, `secure` and `fingerprint` are taken for
`encrypt`, with a warning. On a host that receives mail from the Internet, `encrypt` keeps out everybody
who has no TLS.

## Bad
```main.cf client-level-on-server@1 fragment
smtpd_tls_security_level = verify
smtpd_tls_cert_file = /etc/ssl/mail.example.com.pem
```

### In master.cf
```master.cf client-level-on-server@2 fragment
submission inet n - y - - smtpd
  -o smtpd_tls_security_level=secure
```

## Good
```main.cf fragment
smtpd_tls_security_level = may
smtpd_tls_cert_file = /etc/ssl/mail.example.com.pem
```

## What Postfix says
```witness connect
postfix/smtpd: warning: smtpd_tls_security_level: unsupported TLS level "verify", using "encrypt"
```

## When it is right
Never.

## References
- postconf(5) smtpd_tls_security_level
- Postfix source: smtpd/smtpd.c, postscreen/postscreen.c, tlsproxy/tlsproxy.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding
from maillint.engine.rule import rule
from maillint.postfix.tls import ENCRYPT, FINGERPRINT, SECURE, VERIFY

from .._uses import found, users
from .._values import known_values
from .._words import REFERENCE

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_PROGRAMS = {
    "smtpd_tls_security_level": "smtpd",
    "postscreen_tls_security_level": "postscreen",
    "tlsproxy_tls_security_level": "tlsproxy",
}


@rule(
    severity=WARNING,
    area="tls",
    parameters=tuple(_PROGRAMS),
    when_set=True,
    noted=("maillint_rules._words", FINGERPRINT, VERIFY, SECURE, REFERENCE),
)
def client_level_on_server(config: Configuration) -> Iterator[Finding]:
    for judged in known_values(config, *_PROGRAMS):
        program = _PROGRAMS[judged.parameter.name]
        views = [
            view
            for view in users(judged, program)
            if program != "smtpd" or not view.boolean("smtpd_tls_wrappermode")
        ]
        if views and judged.text.lower() in (FINGERPRINT, VERIFY, SECURE):
            yield found(
                judged,
                f"`{program}` takes `{judged.text}` for `encrypt`: no certificate is checked because of it",
                f"write `{ENCRYPT}`, or `may` where mail from everybody is to arrive",
                users=views,
                meant=ENCRYPT,
            )
