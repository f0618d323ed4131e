"""virtual(8) is to deliver, and nobody says where the mailboxes are.

## What happens
`virtual_mailbox_base` has no default, and virtual(8) does not work without it: whenever it is to deliver, it
ends with `fatal: bad string length 0 < 1: virtual_mailbox_base =`, and the mail for `virtual_mailbox_domains`
waits in the queue. Whole paths in `virtual_mailbox_maps` do not help.

## Bad
```main.cf virtual-mailbox-base-missing@4
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
virtual_mailbox_domains = example.org
virtual_mailbox_maps = inline:{postmaster@example.org=postmaster/}
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
virtual_mailbox_domains = example.org
virtual_mailbox_maps = inline:{postmaster@example.org=postmaster/}
virtual_mailbox_base = /srv/mail
virtual_uid_maps = static:5000
virtual_gid_maps = static:5000
```

```main.cf
compatibility_level = 3.6
myhostname = mail.example.com
myorigin = $mydomain
virtual_mailbox_domains = example.org
virtual_mailbox_maps = inline:{postmaster@example.org=x}
virtual_transport = lmtp:unix:private/dovecot-lmtp
```

## What Postfix says
```witness deliver postmaster@example.org
postfix/virtual: fatal: bad string length 0 < 1: virtual_mailbox_base =...
```

## When it is right
Where `transport_maps` leads the mail of all these domains elsewhere; the rule then is less sure.

## References
- postconf(5) virtual_mailbox_base; VIRTUAL_README
- Postfix source: virtual/virtual.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, HIGH, LOW, WARNING, Finding
from maillint.engine.rule import rule

from .._chain import set_here

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_BASE, _DOMAINS, _TRANSPORT = "virtual_mailbox_base", "virtual_mailbox_domains", "virtual_transport"


@rule(severity=ERROR, area="delivery", parameters=(_DOMAINS,), when_set=True, complete=True)
def virtual_mailbox_base_missing(config: Configuration) -> Iterator[Finding]:
    view = config.main_view
    domains = view.value(_DOMAINS)
    place = domains.location()
    if place is None or not domains.text or view.value(_TRANSPORT).text != "virtual":
        return
    agent = config.view("virtual/unix")
    if view.is_set(_BASE) or (config.master is not None and (agent is None or agent.is_set(_BASE))):
        return
    transports = view.setting("transport_maps")
    yield Finding(
        place,
        f"`virtual` stops with a fatal error whenever it is to deliver mail for these domains: `{_BASE}` is"
        " not set",
        mend=f"write `{_BASE} = /srv/mail` with the directory that holds the mailboxes, or a `{_TRANSPORT}`",
        severity=WARNING if transports is not None else None,
        confidence=LOW if transports is not None else HIGH,
        parameter=_BASE,
        related=set_here((transports,)),
        services=(agent.id,) if agent is not None else (),
    )
