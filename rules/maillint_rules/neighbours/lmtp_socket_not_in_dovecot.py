"""Dovecot does not take mail where Postfix delivers it.

## What happens
Mail for the mailboxes goes to Dovecot by LMTP. Where Dovecot has no listener at this address, does not speak
LMTP at all, or keeps Postfix out of its socket, each message waits in the queue, and goes back to its sender
after five days.

## Bad
```main.cf lmtp-socket-not-in-dovecot@5
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
virtual_mailbox_domains = example.com
virtual_transport = lmtp:unix:private/dovecot-lmtp
virtual_mailbox_maps = inline:{ anna@example.com=anna, postmaster@example.com=anna }
```
```master.cf
smtp inet n - y - - smtpd
lmtp unix - - y - - lmtp
```
```../dovecot/dovecot.conf
protocols = imap lmtp
service lmtp {
  unix_listener /var/spool/postfix/private/lmtp {
    mode = 0600
    user = postfix
    group = postfix
  }
}
```

### Without LMTP
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
virtual_mailbox_domains = example.com
virtual_transport = lmtp:unix:private/dovecot-lmtp
virtual_mailbox_maps = inline:{ anna@example.com=anna, postmaster@example.com=anna }
```
```master.cf
smtp inet n - y - - smtpd
lmtp unix - - y - - lmtp
```
```../dovecot/dovecot.conf lmtp-socket-not-in-dovecot@1
protocols = imap
service lmtp {
  unix_listener /var/spool/postfix/private/dovecot-lmtp {
    mode = 0600
    user = postfix
    group = postfix
  }
}
```

### Only for root
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
virtual_mailbox_domains = example.com
virtual_transport = lmtp:unix:private/dovecot-lmtp
virtual_mailbox_maps = inline:{ anna@example.com=anna, postmaster@example.com=anna }
```
```master.cf
smtp inet n - y - - smtpd
lmtp unix - - y - - lmtp
```
```../dovecot/dovecot.conf lmtp-socket-not-in-dovecot@3
protocols = imap lmtp
service lmtp {
  unix_listener /var/spool/postfix/private/dovecot-lmtp {
  }
}
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
virtual_mailbox_domains = example.com
virtual_transport = lmtp:unix:private/dovecot-lmtp
virtual_mailbox_maps = inline:{ anna@example.com=anna, postmaster@example.com=anna }
```
```master.cf
smtp inet n - y - - smtpd
lmtp unix - - y - - lmtp
```
```../dovecot/dovecot.conf
dovecot_config_version = 2.4.0
protocols {
  imap = yes
  lmtp = yes
}
service lmtp {
  unix_listener /var/spool/postfix/private/dovecot-lmtp {
    mode = 0600
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
virtual_mailbox_domains = example.com
virtual_transport = lmtp:inet:127.0.0.1:24
virtual_mailbox_maps = inline:{ anna@example.com=anna, postmaster@example.com=anna }
```
```master.cf
smtp inet n - y - - smtpd
lmtp unix - - y - - lmtp
```
```../dovecot/dovecot.conf
protocols = imap lmtp
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = 24
  }
}
```

## When it is right
Where another program takes mail there: no finding comes for an address that does not look like Dovecot's,
unless Dovecot listens at one that Postfix does not use.

## References
- lmtp(8); Dovecot manual, "LMTP server", "Postfix and Dovecot LMTP"
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding, Fix, Related
from maillint.engine.rule import rule
from maillint.postfix.neighbours.dovecot import LMTP

from .._uses import ids
from ._around import AROUND, DOVECOT, confidence, said_in
from ._dovecot import Asked, deliveries, listening, reachable_name, refuses, whole

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.postfix.neighbours.dovecot import Dovecot, Listener

_PORT = "24"
"""The port of LMTP in Dovecot's examples."""


@rule(severity=ERROR, area="neighbours", complete=True, noted=(AROUND, DOVECOT))
def lmtp_socket_not_in_dovecot(config: Configuration) -> Iterator[Finding]:
    dovecot = whole(config)
    if dovecot is None:
        return
    asked = deliveries(config)
    listeners = dovecot.listeners()
    own = [listener for listener in listeners if listener.service == LMTP]
    idle = [
        found for found in own if found.head is not None and not any(listening(one, [found]) for one in asked)
    ]
    for one in asked:
        there = listening(one, own)
        if not listening(one, listeners):
            if _looks_like_dovecot(one) or _same_kind(one, idle):
                yield _missing(config, one, _same_kind(one, idle))
        elif there and dovecot.protocols is not None and LMTP not in dovecot.protocols:
            yield _silent(config, one, dovecot)
        elif there and all(refuses(config, listener) for listener in there):
            yield _closed(config, one, there[0])


def _looks_like_dovecot(asked: Asked) -> bool:
    return "dovecot" in asked.address.path or asked.address.port == _PORT


def _same_kind(asked: Asked, listeners: list[Listener]) -> list[Listener]:
    """The *listeners* that are UNIX-domain sockets where the address is one, or ports where it is one."""
    return [
        listener
        for listener in listeners
        if listener.address is not None and bool(listener.address.path) == bool(asked.address.path)
    ]


def _missing(config: Configuration, asked: Asked, idle: list[Listener]) -> Finding:
    name = reachable_name(asked, idle[0]) if len(idle) == 1 else None
    is_written = name is not None and asked.location.text == asked.text
    return Finding(
        asked.location,
        f"Dovecot does not listen at `{asked.address}`: each message waits in the queue, and goes back to its"
        " sender after some days",
        mend=f"write `{name}`" if name is not None else "name the address of a listener of `service lmtp`",
        confidence=confidence(config),
        parameter=asked.parameter,
        services=ids(asked.views),
        related=tuple(place for one in idle for place in said_in(one.head, "here Dovecot listens")),
        fix=Fix.write(asked.location, name, safe=False) if name is not None and is_written else None,
    )


def _silent(config: Configuration, asked: Asked, dovecot: Dovecot) -> Finding:
    entry = dovecot.entry("protocols")
    assert entry is not None
    return Finding(
        entry.name_location if entry.is_section else entry.value.location(),
        f"Dovecot does not speak LMTP, so nobody takes what Postfix delivers to `{asked.address}`",
        mend="add `lmtp` to `protocols`",
        confidence=confidence(config),
        parameter=asked.parameter,
        services=ids(asked.views),
        related=(Related(asked.location, "here Postfix is told to deliver there"),),
    )


def _closed(config: Configuration, asked: Asked, listener: Listener) -> Finding:
    mode = f"{listener.mode:04o}" if listener.mode is not None else "unknown"
    return Finding(
        listener.head.value.location() if listener.head is not None else asked.location,
        f"Postfix may not connect to this socket (user `{listener.user or 'root'}`, mode {mode}): no message"
        " is delivered",
        mend="write `mode = 0600` and `user = postfix` into the section of this socket",
        confidence=confidence(config),
        parameter=asked.parameter,
        services=ids(asked.views),
        related=(Related(asked.location, "here Postfix is told to deliver there"),),
    )
