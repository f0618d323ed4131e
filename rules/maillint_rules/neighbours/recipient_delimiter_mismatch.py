"""Postfix parts addresses at a character that Dovecot takes for a part of the name.

## What happens
With `recipient_delimiter = -`, Postfix finds the mailbox `anna` for `anna-shop@example.com`, and hands
Dovecot the whole address. Dovecot parts addresses at its own `recipient_delimiter`, `+` unless it is set,
knows no user `anna-shop`, and refuses the message, which Postfix then returns to its sender.

## Bad
```main.cf recipient-delimiter-mismatch@5
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
virtual_mailbox_domains = example.com
recipient_delimiter = -
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
  unix_listener /var/spool/postfix/private/dovecot-lmtp {
    mode = 0600
    user = postfix
    group = postfix
  }
}
```

### Set in Dovecot
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
virtual_mailbox_domains = example.com
recipient_delimiter = +
virtual_transport = lmtp:unix:private/dovecot-lmtp
virtual_mailbox_maps = inline:{ anna@example.com=anna, postmaster@example.com=anna }
```
```master.cf
smtp inet n - y - - smtpd
lmtp unix - - y - - lmtp
```
```../dovecot/dovecot.conf recipient-delimiter-mismatch@2
protocols = imap lmtp
recipient_delimiter = -
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
recipient_delimiter = +
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
  unix_listener /var/spool/postfix/private/dovecot-lmtp {
    mode = 0600
    user = postfix
    group = postfix
  }
}
```

## When it is right
Where a table rewrites each such address before Dovecot sees it.

## References
- postconf(5) recipient_delimiter; Dovecot manual, "LMTP server", recipient_delimiter
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding, Fix
from maillint.engine.rule import rule
from maillint.postfix.neighbours.dovecot import LMTP

from .._chain import set_here
from .._told import told
from ._around import AROUND, DOVECOT, confidence
from ._dovecot import deliveries, listening, whole

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_NAME = "recipient_delimiter"


@rule(
    severity=WARNING,
    area="neighbours",
    parameters=(_NAME,),
    when_set=True,
    complete=True,
    noted=(AROUND, DOVECOT),
)
def recipient_delimiter_mismatch(config: Configuration) -> Iterator[Finding]:
    dovecot = whole(config)
    value = config.main_view.value(_NAME)
    location = value.location()
    if dovecot is None or not value.text or location is None or told(value):
        return
    theirs = dovecot.delimiter
    alien = [] if theirs is None else [char for char in value.text if char not in theirs]
    listeners = dovecot.listeners(LMTP)
    if not alien or not any(listening(one, listeners) for one in deliveries(config)):
        return
    entry = dovecot.entry(_NAME)
    place = entry.value.location() if entry is not None and entry.value.text else location
    yield Finding(
        place,
        f"Postfix parts addresses at `{alien[0]}`, Dovecot at {f'`{theirs}`' if theirs else 'nothing'}:"
        f" mail to `name{alien[0]}detail` is refused and returned",
        mend=f"write `{_NAME} = {value.text}` in both",
        confidence=confidence(config),
        parameter=_NAME,
        related=set_here([value.setting], place),
        fix=Fix.write(place, value.text, safe=False) if place != location else None,
    )
