"""The directory of virtual mailboxes is not a whole path.

## What happens
virtual(8) ends with `fatal: do not specify relative pathname` at the first recipient, and at each one after
that: the mail waits in the queue.

## Bad
```main.cf relative-mailbox-base@1 fragment
virtual_mailbox_base = var/mail/vhosts
virtual_mailbox_domains = example.com
virtual_mailbox_maps = static:inbox
virtual_uid_maps = static:5000
virtual_gid_maps = static:5000
```

## Good
```main.cf fragment
virtual_mailbox_base = /var/mail/vhosts
virtual_mailbox_domains = example.com
virtual_mailbox_maps = static:inbox
virtual_uid_maps = static:5000
virtual_gid_maps = static:5000
```

## What Postfix says
```witness deliver anna@example.com
postfix/virtual: fatal: do not specify relative pathname: virtual_mailbox_base = var/mail/vhosts
```

## When it is right
Never.

## References
- postconf(5) virtual_mailbox_base
- Postfix source: virtual/mailbox.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule

from .._values import known_values
from ._refused import refused, shown

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_NAME = "virtual_mailbox_base"


@rule(severity=ERROR, area="values", parameters=(_NAME,), when_set=True)
def relative_mailbox_base(config: Configuration) -> Iterator[Finding]:
    for judged in known_values(config, _NAME):
        if judged.text and not judged.text.startswith("/"):
            found = refused(
                judged, f"{shown(judged.text)} does not begin with `/`", f"write `/{judged.text}` or the like"
            )
            if found is not None:
                yield found
