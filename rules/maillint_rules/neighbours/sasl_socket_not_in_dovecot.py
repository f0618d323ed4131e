"""Dovecot has no socket for logins where Postfix looks for it, or keeps Postfix out.

## What happens
smtpd asks Dovecot for each login, at the socket of `smtpd_sasl_path`. Dovecot makes the sockets that its
`service auth` names, and its own for itself, with the permissions that stand there: without `mode` and `user`
only root may use one. Where there is none, or it is closed to Postfix, smtpd ends with a fatal error as soon
as the client might log in, that is when it connects or, with `smtpd_tls_auth_only`, after STARTTLS: `no SASL
authentication mechanisms`. On port 25 that keeps the mail of other servers out, too.

## Bad
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
smtpd_tls_security_level = encrypt
smtpd_tls_chain_files = /etc/postfix/server.pem
```
```master.cf
587 inet n - y - - smtpd
  -o { smtpd_relay_restrictions = permit_sasl_authenticated, reject }
```
```../dovecot/dovecot.conf sasl-socket-not-in-dovecot@2
protocols = imap lmtp
service auth {
  unix_listener auth-userdb {
    mode = 0666
  }
}
```

### Another path
```main.cf sasl-socket-not-in-dovecot@6
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
smtpd_tls_security_level = encrypt
smtpd_tls_chain_files = /etc/postfix/server.pem
```
```master.cf
587 inet n - y - - smtpd
  -o { smtpd_relay_restrictions = permit_sasl_authenticated, reject }
```
```../dovecot/dovecot.conf
service auth {
  unix_listener /var/spool/postfix/private/dovecot-auth {
    mode = 0660
    user = postfix
  }
}
```

### Only for root
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
smtpd_tls_security_level = encrypt
smtpd_tls_chain_files = /etc/postfix/server.pem
```
```master.cf
587 inet n - y - - smtpd
  -o { smtpd_relay_restrictions = permit_sasl_authenticated, reject }
```
```../dovecot/dovecot.conf
!include conf.d/*.conf
```
```../dovecot/conf.d/10-master.conf sasl-socket-not-in-dovecot@2
service auth {
  unix_listener /var/spool/postfix/private/auth {
    mode = 0660
  }
}
```

### For programs on the host
```main.cf sasl-socket-not-in-dovecot@7
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
inet_interfaces = loopback-only
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
```
```master.cf
smtp inet n - n - - smtpd
```
```../dovecot/dovecot.conf
protocols = imap
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
smtpd_tls_security_level = encrypt
smtpd_tls_chain_files = /etc/postfix/server.pem
```
```master.cf
587 inet n - y - - smtpd
  -o { smtpd_relay_restrictions = permit_sasl_authenticated, reject }
```
```../dovecot/dovecot.conf
service auth {
  unix_listener /var/spool/postfix/private/auth {
    mode = 0660
    user = postfix
    group = postfix
  }
}
```

### By TCP
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:12345
smtpd_tls_security_level = encrypt
smtpd_tls_chain_files = /etc/postfix/server.pem
```
```master.cf
587 inet n - y - - smtpd
  -o { smtpd_relay_restrictions = permit_sasl_authenticated, reject }
```
```../dovecot/dovecot.conf
dovecot_config_version = 2.4.0
service auth {
  inet_listener postfix {
    port = 12345
    listen = 127.0.0.1
  }
}
```

## What Postfix says
```witness knock bad=4
postfix/smtpd: warning: SASL: Connect to Dovecot auth socket 'private/auth' failed: No such file or directory
postfix/smtpd: fatal: no SASL authentication mechanisms
```

## When it is right
Where Dovecot runs in another container, and both share a directory under different names.

## References
- SASL_README, "Configuring Dovecot SASL"; postconf(5) smtpd_sasl_path
- Dovecot manual, "Service configuration", unix_listener
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding, Fix, Related
from maillint.engine.rule import rule
from maillint.postfix.neighbours.address import of_postfix
from maillint.postfix.neighbours.dovecot import AUTH

from .._told import told
from .._uses import ids
from ..sasl._logins import DOVECOT as SASL_TYPE
from ..sasl._logins import PATH, SASL, TYPE, is_mismatched, servers
from ._around import AROUND, DOVECOT, confidence, said_in
from ._dovecot import Asked, in_queue, joined, listening, reachable_name, refuses, wanted_path, whole

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.postfix.neighbours.dovecot import Dovecot, Listener


@rule(
    severity=ERROR,
    area="neighbours",
    parameters=(PATH,),
    when_set=True,
    complete=True,
    noted=(AROUND, DOVECOT),
)
def sasl_socket_not_in_dovecot(config: Configuration) -> Iterator[Finding]:
    dovecot = whole(config)
    if dovecot is None:
        return
    listeners = dovecot.listeners(AUTH)
    for asked in joined(_asked(config)):
        there = listening(asked, listeners)
        if not there:
            yield _missing(config, asked, dovecot, listeners)
        elif all(refuses(config, listener) for listener in there):
            yield _closed(config, asked, there[0])


def _asked(config: Configuration) -> Iterator[Asked]:
    for view in servers(config):
        value = view.value(PATH)
        location = value.location()
        if (
            location is None
            or not value.text
            or view.boolean(SASL) is not True
            or view.value(TYPE).text != SASL_TYPE
            or is_mismatched(view)
            or told(value)
        ):
            continue
        text = value.text if value.text.startswith(("unix:", "inet:")) else f"unix:{value.text}"
        address = of_postfix(view, text)
        if address is not None and address.is_here:
            yield Asked(location, PATH, text.partition(":")[2], address, (view,))


def _missing(config: Configuration, asked: Asked, dovecot: Dovecot, listeners: list[Listener]) -> Finding:
    others = [found for found in listeners if found.head is not None and in_queue(config, found) is not None]
    effect = "smtpd ends with a fatal error when a client might log in"
    head = dovecot.service_head(AUTH)
    if len(others) == 1 or head is None:
        other = others[0] if others else None
        name = reachable_name(asked, other) if other is not None else None
        mend = f"write `{PATH} = {name}`" if name is not None else _section(asked)
        return Finding(
            asked.location,
            f"Dovecot does not listen at `{wanted_path(asked)}`, so {effect}",
            mend=mend,
            confidence=confidence(config),
            parameter=PATH,
            services=ids(asked.views),
            related=said_in(other.head if other is not None else None, "here Dovecot listens"),
            fix=Fix.write(asked.location, name, safe=False)
            if name is not None and asked.location.text == asked.text
            else None,
        )
    return Finding(
        head.name_location,
        f"Postfix looks for logins at `{wanted_path(asked)}`, where Dovecot does not listen: {effect}",
        mend=_section(asked),
        confidence=confidence(config),
        parameter=PATH,
        services=ids(asked.views),
        related=(Related(asked.location, "here Postfix is told where to look"),),
    )


def _section(asked: Asked) -> str:
    if not asked.address.path:
        return f"add `inet_listener postfix {{ port = {asked.address.port} }}` to `service auth`"
    return (
        f"add `unix_listener {asked.address.path}` to `service auth` in Dovecot, with `mode = 0660` and"
        " `user = postfix`"
    )


def _closed(config: Configuration, asked: Asked, listener: Listener) -> Finding:
    place = listener.head.value.location() if listener.head is not None else asked.location
    mode = f"{listener.mode:04o}" if listener.mode is not None else "unknown"
    return Finding(
        place,
        f"smtpd may not connect to this socket (user `{listener.user or 'root'}`, mode {mode}): it ends with"
        " a fatal error when a client might log in",
        mend="write `mode = 0660` and `user = postfix` into the section of this socket",
        confidence=confidence(config),
        parameter=PATH,
        services=ids(asked.views),
        related=(Related(asked.location, "here Postfix is told to look there"),),
    )
