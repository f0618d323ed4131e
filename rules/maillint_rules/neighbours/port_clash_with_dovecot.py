"""Postfix and Dovecot want to listen on the same port.

## What happens
A port has one listener. Whichever of the two starts second is told `Address already in use`: Postfix's master
ends with a fatal error, so that no mail is taken on any port, or Dovecot does not start.

## Bad
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_tls_chain_files = /etc/dovecot/server.pem
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
```
```master.cf port-clash-with-dovecot@1
submission inet n - y - - smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o { smtpd_relay_restrictions = permit_sasl_authenticated, reject }
  -o { smtpd_sender_login_maps = inline:{ anna@example.com=anna } }
  -o { smtpd_sender_restrictions = reject_sender_login_mismatch }
```
```../dovecot/dovecot.conf
protocols = imap submission
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
```
```master.cf
smtp inet n - y - - smtpd
```
```../dovecot/dovecot.conf
protocols = imap submission
submission_relay_host = 127.0.0.1
```

## When it is right
Where the two run in different containers, each with ports of its own.

## References
- bind(2); Dovecot manual, "Submission server"; master(5)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule
from maillint.postfix.master import active_services, listening_addresses, port_number
from maillint.postfix.neighbours.dovecot import LMTP, SUBMISSION

from ._around import AROUND, DOVECOT, confidence, said_in
from ._dovecot import whole

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.postfix.neighbours.dovecot import Dovecot, Listener

_ANYWHERE = frozenset({"all", "*", "0.0.0.0", "::", "[::]"})
_PROTOCOLS = {"submission-login": SUBMISSION, "imap-login": "imap", "pop3-login": "pop3", "lmtp": LMTP}
"""By service, the protocol without which it does not listen."""


@rule(severity=ERROR, area="neighbours", complete=True, noted=(AROUND, DOVECOT))
def port_clash_with_dovecot(config: Configuration) -> Iterator[Finding]:
    dovecot = whole(config)
    if dovecot is None:
        return
    theirs = {
        listener.address.port: listener
        for listener in dovecot.listeners()
        if listener.address is not None and listener.address.port and _is_on(dovecot, listener)
    }
    for service in active_services(config):
        port = port_number(config, service) if service.type == "inet" else None
        listener = theirs.get(str(port))
        if listener is None or not _overlap(listening_addresses(config, service), _hosts(dovecot, listener)):
            continue
        yield Finding(
            service.fields[0].location(),
            f"Dovecot listens on port {port}, too: whichever starts second fails",
            mend=f"remove this service, or give Dovecot's `service {listener.service}` another port",
            confidence=confidence(config),
            services=(service.id,),
            related=said_in(listener.head or dovecot.entry("protocols"), "this makes Dovecot listen there"),
        )


def _is_on(dovecot: Dovecot, listener: Listener) -> bool:
    """Whether the service is known to run; one of a protocol does so only with it."""
    protocol = _PROTOCOLS.get(listener.service)
    return protocol is None or (dovecot.protocols is not None and protocol in dovecot.protocols)


def _hosts(dovecot: Dovecot, listener: Listener) -> frozenset[str]:
    """The addresses that Dovecot listens on; empty: not known."""
    if listener.address is not None and listener.address.host:
        return frozenset({listener.address.host})
    return frozenset((dovecot.text("listen", "*, ::") or "").replace(",", " ").split())


def _overlap(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    return bool(ours and theirs) and bool(ours & theirs or (ours | theirs) & _ANYWHERE)
