"""Postfix takes passwords under TLS only, and Dovecot takes the same ones without.

## What happens
With `smtpd_tls_auth_only = yes`, or TLS for all, nobody can send a password to Postfix in the clear. The same
users read their mail with the same passwords by IMAP or POP3, and there `disable_plaintext_auth = no` (2.4:
`auth_allow_cleartext = yes`) lets a mail program without TLS send them in the clear, for everybody on the way
to read.

## Bad
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_tls_chain_files = /etc/dovecot/server.pem
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
```
```master.cf
submission inet n - y - - smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o { smtpd_relay_restrictions = permit_sasl_authenticated, reject }
  -o { smtpd_sender_login_maps = inline:{ anna@example.com=anna } }
  -o { smtpd_sender_restrictions = reject_sender_login_mismatch }
```
```../dovecot/dovecot.conf dovecot-allows-cleartext@2
protocols = imap
disable_plaintext_auth = no
service auth {
  unix_listener /var/spool/postfix/private/auth {
    mode = 0660
    user = postfix
  }
}
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_tls_chain_files = /etc/dovecot/server.pem
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
```
```master.cf
submission inet n - y - - smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o { smtpd_relay_restrictions = permit_sasl_authenticated, reject }
  -o { smtpd_sender_login_maps = inline:{ anna@example.com=anna } }
  -o { smtpd_sender_restrictions = reject_sender_login_mismatch }
```
```../dovecot/dovecot.conf
protocols = imap
ssl = required
service auth {
  unix_listener /var/spool/postfix/private/auth {
    mode = 0660
    user = postfix
  }
}
```

## When it is right
Where IMAP and POP3 without TLS can be reached over a VPN or by a proxy on the same host only.

## References
- postconf(5) smtpd_tls_auth_only; Dovecot manual, disable_plaintext_auth, auth_allow_cleartext; RFC 8314, 3
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import MEDIUM, WARNING, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix.tls import ENCRYPT, server_level

from .._chain import set_here
from ..sasl._logins import AUTH_ONLY, SASL, TYPE, offers_login, servers
from ..sasl._logins import DOVECOT as SASL_TYPE
from ._around import AROUND, DOVECOT
from ._dovecot import whole

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, View
    from maillint.postfix.neighbours.dovecot import Dovecot

_ALLOWING = (("disable_plaintext_auth", "no", "yes"), ("auth_allow_cleartext", "yes", "no"))
"""The settings of 2.3 and 2.4, with the value that allows it and the one that does not."""
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_IN_CLEAR = (("imap", "imap-login"), ("pop3", "pop3-login"))


@rule(
    severity=WARNING,
    area="neighbours",
    parameters=(SASL,),
    when_set=True,
    complete=True,
    security=True,
    noted=(AROUND, DOVECOT),
)
def dovecot_allows_cleartext(config: Configuration) -> Iterator[Finding]:
    dovecot = whole(config)
    if dovecot is None or dovecot.text("ssl", "yes") in (None, "required") or not _can_be_reached(dovecot):
        return
    careful = next((view for view in servers(config) if _is_careful(view)), None)
    if careful is None:
        return
    for name, allowing, meant in _ALLOWING:
        entry = dovecot.entry(name)
        if entry is not None and entry.value.text == allowing:
            yield Finding(
                entry.value.location(),
                "Dovecot takes passwords without TLS, which Postfix asks for under TLS only",
                mend=f"write `{name} = {meant}`",
                confidence=MEDIUM,
                parameter=AUTH_ONLY,
                related=set_here([careful.setting(AUTH_ONLY) or careful.setting(SASL)]),
                fix=Fix.write(entry.value.location(), meant, safe=False),
            )


def _is_careful(view: View) -> bool:
    if not offers_login(view) or view.value(TYPE).text != SASL_TYPE:
        return False
    return view.boolean(AUTH_ONLY) is True or server_level(view) == ENCRYPT


def _can_be_reached(dovecot: Dovecot) -> bool:
    """Whether others may come to a port of Dovecot where they can begin without TLS."""
    if set((dovecot.text("listen", "*, ::") or "").replace(",", " ").split()) <= _LOOPBACK:
        return False
    for protocol, service in _IN_CLEAR:
        if dovecot.protocols is not None and protocol not in dovecot.protocols:
            continue
        port = dovecot.entry("port", f"service {service}", f"inet_listener {protocol}")
        host = dovecot.entry("address", f"service {service}", f"inet_listener {protocol}")
        is_closed = port is not None and port.value.text == "0"
        if not is_closed and (host is None or host.value.text not in _LOOPBACK):
            return True
    return False
