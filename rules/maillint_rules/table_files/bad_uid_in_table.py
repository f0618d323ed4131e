"""A table gives virtual(8) a user or group that it does not take.

## What happens
`virtual` reads a number, and takes text for 0. A user below `virtual_minimum_uid`, or a group that is not
above 0, makes it warn and put the mail off.

## Bad
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
virtual_mailbox_domains = example.com
virtual_mailbox_base = /var/mail/vhosts
virtual_mailbox_maps = inline:{ { anna@example.com = anna/ } { postmaster@example.com = bert/ } }
virtual_uid_maps = texthash:/etc/postfix/uids
virtual_gid_maps = static:5000
```
```uids bad-uid-in-table@1 bad-uid-in-table@2
anna@example.com vmail
postmaster@example.com 33
```

```main.cf bad-uid-in-table@4 fragment
virtual_mailbox_domains = example.com
virtual_mailbox_base = /var/mail/vhosts
virtual_mailbox_maps = static:inbox
virtual_uid_maps = static:vmail
virtual_gid_maps = static:5000
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
virtual_mailbox_domains = example.com
virtual_mailbox_base = /var/mail/vhosts
virtual_mailbox_maps = inline:{ { anna@example.com = anna/ } { postmaster@example.com = bert/ } }
virtual_uid_maps = texthash:/etc/postfix/uids
virtual_gid_maps = static:5000
```
```uids
anna@example.com 5000
postmaster@example.com 5001
```

### Another program delivers
```main.cf fragment
virtual_transport = lmtp:unix:private/dovecot-lmtp
virtual_uid_maps = static:vmail
virtual_gid_maps = static:vmail
```

## What Postfix says
```witness deliver anna@example.com
postfix/virtual: warning: recipient anna@example.com: bad uid vmail in virtual_uid_maps
```

```witness deliver anna@example.com bad=2
postfix/virtual: warning: recipient anna@example.com: bad uid vmail in virtual_uid_maps
```

## When it is right
When the table serves another program, too, that reads names.

## References
- virtual(8), postconf(5) virtual_uid_maps
- Postfix source: virtual/mailbox.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule
from maillint.postfix.table_results import BAD_ID, Ids

from .._tablefiles import finding, problems

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="table-files", tables=True, noted=("maillint_rules._tablefiles", BAD_ID))
def bad_uid_in_table(config: Configuration) -> Iterator[Finding]:
    for judged in problems(config, BAD_ID):
        results = judged.found.results
        assert isinstance(results, Ids)
        yield finding(
            judged,
            f"`virtual` puts the mail off: `{judged.text}` is no {results.what} of at least {results.least}",
            f"write the {results.what} as a number, such as `5000`",
        )
