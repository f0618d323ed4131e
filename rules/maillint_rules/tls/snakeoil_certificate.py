"""Users are shown a certificate that no mail program accepts.

## What happens
`ssl-cert-snakeoil.pem` is the certificate that Debian makes for each host when it is installed: nobody has
signed it but the host itself. Other mail servers take it, as they verify none. Mail programs refuse it or
ask their users to accept an exception, and who is used to that also accepts the certificate of an attacker,
with his password.

## Bad
```main.cf snakeoil-certificate@4
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = example.com
smtpd_tls_cert_file = /etc/ssl/certs/ssl-cert-snakeoil.pem
smtpd_tls_key_file = /etc/ssl/private/ssl-cert-snakeoil.key
smtpd_tls_security_level = may
```
```master.cf
smtp inet n - n - - smtpd
submission inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_client_restrictions=permit_sasl_authenticated,reject
pickup unix n - n 60 1 pickup
smtp unix - - n - - smtp
tlsmgr unix - - n 1000? 1 tlsmgr
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = example.com
smtpd_tls_cert_file = /etc/ssl/certs/ssl-cert-snakeoil.pem
smtpd_tls_key_file = /etc/ssl/private/ssl-cert-snakeoil.key
smtpd_tls_security_level = may
```
```master.cf
smtp inet n - n - - smtpd
submission inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_tls_cert_file=/etc/letsencrypt/live/mail.example.com/fullchain.pem
  -o smtpd_tls_key_file=/etc/letsencrypt/live/mail.example.com/privkey.pem
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_client_restrictions=permit_sasl_authenticated,reject
pickup unix n - n 60 1 pickup
smtp unix - - n - - smtp
tlsmgr unix - - n 1000? 1 tlsmgr
```

## When it is right
On a host for tests, or where every user's program was told to trust this very certificate.

## References
- postconf(5) smtpd_tls_cert_file; TLS_README; RFC 8314, section 4.4
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding, Related
from maillint.engine.rule import rule
from maillint.postfix.listening import is_for_submission
from maillint.postfix.role import SUBMISSION
from maillint.postfix.tls import NONE, server_level

from .._words import SNAKEOIL, is_snakeoil

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, View

_CHAIN = "smtpd_tls_chain_files"
_FILE = "smtpd_tls_cert_file"


@rule(
    severity=WARNING,
    area="tls",
    parameters=(_FILE, _CHAIN),
    when_set=True,
    noted=("maillint_rules._words", SNAKEOIL),
    roles=(SUBMISSION,),
)
def snakeoil_certificate(config: Configuration) -> Iterator[Finding]:
    for view in config.views:
        if not is_for_submission(view) or view.daemon != "smtpd" or server_level(view) in (None, NONE):
            continue
        setting = view.setting(_certificate(view))
        if setting is None or not is_snakeoil(setting.value.text):
            continue
        assert view.service is not None
        service = Related(view.service.fields[0].location(), "users connect here")
        yield Finding(
            setting.value.location(),
            "mail programs do not accept this certificate: the host has signed it itself",
            mend=f"get a certificate, from Let's Encrypt for example, and name it in `{setting.name}`",
            parameter=setting.name,
            related=(service,),
            services=(view.id,),
        )


def _certificate(view: View) -> str:
    """The parameter that the server takes its certificate from."""
    has_chain = view.configuration.parameter(_CHAIN) is not None and view.value(_CHAIN).text != ""
    return _CHAIN if has_chain else _FILE
