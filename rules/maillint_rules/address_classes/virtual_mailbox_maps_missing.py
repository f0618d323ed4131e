"""Mail for a virtual domain is taken whether its recipient exists or not.

## What happens
smtpd(8) looks recipients in `virtual_mailbox_domains` up in `virtual_mailbox_maps`. Without it, every address
counts as one that exists. What the mailboxes' own server then refuses has been taken already: the mail comes
back to its sender, who in most cases has sent nothing (spam with a forged sender, or backscatter), and the
host gets onto block lists.

virtual(8) itself finds mailboxes by the same table: without it, it returns all mail.

## Bad
```main.cf virtual-mailbox-maps-missing@4
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
virtual_mailbox_domains = example.net
virtual_transport = lmtp:unix:private/dovecot-lmtp
```

```main.cf virtual-mailbox-maps-missing@4
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
virtual_mailbox_domains = example.net
virtual_mailbox_base = /var/mail/vhosts
virtual_uid_maps = static:5000
virtual_gid_maps = static:5000
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
virtual_mailbox_domains = example.net
virtual_mailbox_maps = lmdb:/etc/postfix/mailboxes
virtual_transport = lmtp:unix:private/dovecot-lmtp
```

```main.cf
# The server of the mailboxes is asked.
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
virtual_mailbox_domains = example.net
virtual_transport = lmtp:unix:private/dovecot-lmtp
smtpd_recipient_restrictions = reject_unverified_recipient
unverified_recipient_reject_code = 550
```

## What Postfix says
```witness deliver nobody@example.net bad=2
postfix/virtual: ...: to=<nobody@example.net>, ..., status=bounced (unknown user: "nobody@example.net")
```

## When it is right
Where every address of the domain has a mailbox, and where a milter knows which have.

## References
- postconf(5) virtual_mailbox_maps, reject_unverified_recipient
- BACKSCATTER_README; ADDRESS_VERIFICATION_README
- Postfix source: virtual/mailbox.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, MEDIUM, WARNING, Finding
from maillint.engine.rule import rule
from maillint.postfix.domains import domain_lists

from .._told import told
from ._recipients import unasking_servers

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_DOMAINS, _BOXES = "virtual_mailbox_domains", "virtual_mailbox_maps"


@rule(severity=WARNING, area="address-classes", parameters=(_DOMAINS,), when_set=True, complete=True)
def virtual_mailbox_maps_missing(config: Configuration) -> Iterator[Finding]:
    found = domain_lists(config)[_DOMAINS]
    setting = found.value.setting
    if setting is None or not found.value.text or told(found.value) or found.is_empty:
        return
    views = unasking_servers(config)
    if not views or any(view.value(_BOXES).text != "" for view in views):
        return
    transport = config.main_view.value("virtual_transport").text
    is_virtual = transport == "virtual" and not config.main_view.value("transport_maps").text
    yield Finding(
        setting.value.location(),
        "all mail for these domains comes back to its sender: `virtual` finds no mailbox, as"
        " `virtual_mailbox_maps` is empty"
        if is_virtual
        else "mail for unknown users of these domains is taken, and comes back to senders who may be forged:"
        " `virtual_mailbox_maps` is empty",
        mend="name the table of mailboxes in `virtual_mailbox_maps`"
        + (
            ""
            if is_virtual
            else ", or write `reject_unverified_recipient` into `smtpd_recipient_restrictions`"
        ),
        severity=ERROR if is_virtual else None,
        confidence=MEDIUM,
        parameter=_DOMAINS,
    )
