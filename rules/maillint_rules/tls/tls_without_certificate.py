"""The SMTP server is to offer TLS, but has no certificate.

## What happens
smtpd(8) logs `No server certs available. TLS won't be enabled`. At the level `may` clients that ask for TLS
get `454 4.7.0 TLS not available`, and go on in clear text or give up. Where TLS is required (`encrypt`,
`smtpd_tls_wrappermode`), no mail is accepted at all.

The certificates in `tls_server_sni_maps` alone do not count, nor does the key without its certificate.

## Bad
```main.cf tls-without-certificate@1
smtpd_tls_security_level = may
myorigin = example.com
myhostname = mail.example.com
```

### For one service
```main.cf
myorigin = example.com
myhostname = mail.example.com
compatibility_level = 3.6
```
```master.cf tls-without-certificate@3
smtp inet n - n - - smtpd
submissions inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
```

### No certificate is right only where clients show none
```main.cf tls-without-certificate@1
smtpd_tls_security_level = encrypt
smtpd_tls_cert_file = none
smtpd_tls_req_ccert = yes
myorigin = example.com
myhostname = mail.example.com
```

## Good
```main.cf
smtpd_tls_security_level = may
smtpd_tls_cert_file = /etc/ssl/mail.example.com.pem
myorigin = example.com
myhostname = mail.example.com
```

```main.cf
smtpd_tls_security_level = may
smtpd_tls_cert_file = none
myorigin = example.com
myhostname = mail.example.com
```

## What Postfix says
```witness connect
postfix/smtpd: warning: No server certs available. TLS won't be enabled
```

```witness connect bad=3
postfix/smtpd: warning: Need a server cert to request client certs
postfix/smtpd: warning: No server certs available. TLS won't be enabled
```

## When it is right
Never: `smtpd_tls_cert_file = none` says that there is to be none.

## References
- postconf(5) smtpd_tls_cert_file, smtpd_tls_chain_files; TLS_README
- Postfix source: smtpd/smtpd.c pre_jail_init()
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, MEDIUM, WARNING, Finding
from maillint.engine.rule import rule
from maillint.postfix.services import views_of
from maillint.postfix.tls import ENCRYPT, MAY, has_server_certificate, server_level

from .._chain import set_here
from .._told import told
from .._uses import ids
from .._words import NO_CERTIFICATE

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, View
    from maillint.syntax.tree import Setting

_REQUESTS = (
    "smtpd_tls_wrappermode",
    "smtpd_tls_security_level",
    "smtpd_enforce_tls",
    "smtpd_use_tls",
)
"""What asks for TLS; the first that does is obeyed."""


@rule(
    severity=ERROR,
    area="tls",
    parameters=_REQUESTS,
    when_set=True,
    noted=("maillint_rules._words", NO_CERTIFICATE),
    complete=True,
)
def tls_without_certificate(config: Configuration) -> Iterator[Finding]:
    if config.main is None:
        return
    without = [
        (view, request)
        for view in views_of(config, "smtpd")
        if (request := _request(view)) is not None and _has_no_certificate(view)
    ]
    if not without:
        return
    views = [view for view, _ in without]
    requests = list(dict.fromkeys(request for _, request in without))
    requests.sort(key=lambda setting: setting.service is not None)
    location = requests[0].value.location()
    required = [view for view in views if server_level(view) == ENCRYPT]
    effect = "nothing can be sent to it" if required else "`STARTTLS` is answered with `454 4.7.0`"
    none = any((view.value("smtpd_tls_cert_file").text or "").lower() == "none" for view in views)
    yield Finding(
        location,
        "TLS is wanted here, but smtpd has no certificate"
        + (", and cannot ask clients for theirs without one" if none else "")
        + f": {effect}",
        mend="write `smtpd_tls_cert_file = /path/to/certificate.pem` and `smtpd_tls_key_file`, or"
        " `smtpd_tls_chain_files`",
        severity=None if required else WARNING,
        confidence=MEDIUM,
        parameter=requests[0].name,
        related=set_here(requests, but=location),
        services=ids(views),
    )


def _request(view: View) -> Setting | None:
    """The setting that asks for TLS in *view*."""
    if server_level(view) not in (MAY, ENCRYPT):
        return None
    for name in _REQUESTS:
        value = view.value(name)
        if value.setting is not None and value.text and value.text.lower() not in ("no", "none"):
            return None if told(value) else value.setting
    return None


def _has_no_certificate(view: View) -> bool:
    if has_server_certificate(view) is not False:
        return False
    if (view.value("smtpd_tls_cert_file").text or "").lower() != "none":
        return True
    required = view.boolean("smtpd_tls_req_ccert") and server_level(view) == ENCRYPT
    return bool(view.boolean("smtpd_tls_ask_ccert") or required)
