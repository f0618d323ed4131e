"""A reply for the clients that a DNS list has cannot be expanded.

## What happens
The results of `rbl_reply_maps` may have names of their own, such as `$rbl_code`; names of main.cf are none of
them. With another name, or a mistake in the form, `smtpd` warns each time that the list has a client, and
says what `default_rbl_reply` tells. The key is the name of the list as it stands in the restriction, what
follows its `=` included.

## Bad
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
rbl_reply_maps = texthash:/etc/postfix/replies
smtpd_client_restrictions = reject_rbl_client bl.example.com=127.0.0.2
```
```replies bad-reply-in-table@1 bad-reply-in-table@2
bl.example.com=127.0.0.2 $rbl_code Blocked, ask postmaster@$mydomain
wl.example.com $rbl_code Blocked: ${rbl_reason
```

```main.cf bad-reply-in-table@1 fragment
rbl_reply_maps = static:{$$rbl_code Blocked, ask postmaster@$$mydomain}
smtpd_client_restrictions = reject_rbl_client bl.example.com=127.0.0.2
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
rbl_reply_maps = texthash:/etc/postfix/replies
smtpd_client_restrictions = reject_rbl_client bl.example.com=127.0.0.2
```
```replies
bl.example.com=127.0.0.2 $rbl_code Blocked using $rbl_domain${rbl_reason?; $rbl_reason}
wl.example.com 450 4.7.1 Come back later.
```

## What Postfix says
```witness rcpt listed=bl.example.com
postfix/smtpd: warning: ...: bad rbl reply template for domain bl.example.com=...: $rbl_code Blocked, ...
```

```witness rcpt listed=bl.example.com bad=2
postfix/smtpd: warning: ...: bad rbl reply template for domain bl.example.com=...: $rbl_code Blocked, ...
```

## When it is right
Never.

## References
- postconf(5) rbl_reply_maps, default_rbl_reply
- Postfix source: smtpd/smtpd_check.c (rbl_reject_reply)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding
from maillint.engine.rule import rule
from maillint.nearest import nearest
from maillint.postfix.reply_template import BLOCK_LIST
from maillint.postfix.table_results import BAD_REPLY

from .._tablefiles import finding, problems

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=WARNING, area="table-files", tables=True, noted=("maillint_rules._tablefiles", BAD_REPLY))
def bad_reply_in_table(config: Configuration) -> Iterator[Finding]:
    for judged in problems(config, BAD_REPLY):
        name = judged.problem.argument
        meant = nearest(name, BLOCK_LIST) if name else None
        mend = "write one of the names that postconf(5) lists at `default_rbl_reply`, or the text itself"
        yield finding(
            judged,
            "`smtpd` does not use this reply, but `default_rbl_reply`: "
            + (f"there is no `${name}` here" if name else "it cannot be expanded"),
            f"write `{meant}`" if meant else mend if name else "write `$name` or `${name}`",
        )
