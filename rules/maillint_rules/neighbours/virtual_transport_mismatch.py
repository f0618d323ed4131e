"""Mail for the mailboxes goes past Dovecot, which waits for it.

## What happens
`virtual_transport` decides who delivers mail for `virtual_mailbox_domains`. Unset, that is virtual(8), which
writes files itself. Dovecot has a socket for LMTP in the queue directory, which only Postfix can be meant to
use, and which nothing in Postfix names. Its Sieve scripts, quotas and indexes see nothing of the mail.

## Bad
```main.cf virtual-transport-mismatch@4
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
virtual_mailbox_domains = example.com
virtual_mailbox_maps = inline:{ anna@example.com=anna/, postmaster@example.com=anna/ }
virtual_mailbox_base = /var/vmail
virtual_uid_maps = static:5000
virtual_gid_maps = static:5000
```
```master.cf
smtp inet n - y - - smtpd
virtual unix - n n - - virtual
```
```../dovecot/dovecot.conf
protocols = imap lmtp
service lmtp {
  unix_listener /var/spool/postfix/private/dovecot-lmtp {
    mode = 0600
    user = postfix
    group = postfix
  }
}
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
virtual_mailbox_domains = example.com
virtual_mailbox_maps = inline:{ anna@example.com=anna/, postmaster@example.com=anna/ }
virtual_transport = lmtp:unix:private/dovecot-lmtp
```
```master.cf
smtp inet n - y - - smtpd
lmtp unix - - y - - lmtp
```
```../dovecot/dovecot.conf
protocols = imap lmtp
service lmtp {
  unix_listener /var/spool/postfix/private/dovecot-lmtp {
    mode = 0600
    user = postfix
    group = postfix
  }
}
```

## When it is right
Where virtual(8) writes the Maildirs that Dovecot only reads, and the socket is left from earlier.

## References
- postconf(5) virtual_transport; VIRTUAL_README, "Non-Postfix mailbox store"
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, MEDIUM, Finding
from maillint.engine.rule import rule
from maillint.postfix.neighbours.dovecot import LMTP

from ._around import AROUND, DOVECOT, said_in
from ._dovecot import deliveries, in_queue, listening, whole

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_TRANSPORT = "virtual_transport"
_DOMAINS = "virtual_mailbox_domains"
_OTHER_WAYS = ("transport_maps", "mailbox_transport", "mailbox_transport_maps", "mailbox_command")
"""Parameters by which mail may come to Dovecot after all."""


@rule(
    severity=INFO,
    area="neighbours",
    parameters=(_DOMAINS,),
    when_set=True,
    complete=True,
    noted=(AROUND, DOVECOT),
)
def virtual_transport_mismatch(config: Configuration) -> Iterator[Finding]:
    view = config.main_view
    domains, transport = view.value(_DOMAINS), view.value(_TRANSPORT)
    dovecot = whole(config)
    if (
        dovecot is None
        or domains.setting is None
        or domains.text == ""
        or transport.text != "virtual"
        or any(view.value(name).text != "" for name in _OTHER_WAYS)
        or (dovecot.protocols is not None and LMTP not in dovecot.protocols)
    ):
        return
    asked = deliveries(config)
    for listener in dovecot.listeners(LMTP):
        name = in_queue(config, listener)
        if name is None or listener.head is None or any(listening(one, [listener]) for one in asked):
            continue
        place = transport.location() or domains.location()
        assert place is not None
        yield Finding(
            place,
            "virtual(8) delivers mail for the mailboxes, and Dovecot, which waits for it, sees nothing of it:"
            " no Sieve, no quota",
            mend=f"write `{_TRANSPORT} = lmtp:unix:{name}`",
            confidence=MEDIUM,
            parameter=_TRANSPORT,
            related=said_in(listener.head, "here Dovecot waits for mail"),
        )
        return
