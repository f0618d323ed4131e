"""A filter behind the name of a DNS list that smtpd cannot read ends it.

## What happens
Behind `=` stands which answers of the list count: four fields between dots, each a number or a set such as
`[2..11]` or `[2;4..8]`. When smtpd comes to a filter of another form, it ends with `fatal: RBL reply error`
and the connection breaks off: the client tries again and again.

## Bad
```main.cf bad-dnsbl-filter@1 fragment
smtpd_client_restrictions = reject_rbl_client zen.spamhaus.org=127.0.0.2-11
```

```main.cf bad-dnsbl-filter@1 fragment
smtpd_client_restrictions = reject_rbl_client zen.spamhaus.org=127.0.0
```

## Good
```main.cf fragment
smtpd_client_restrictions = reject_rbl_client zen.spamhaus.org=127.0.0.[2..11],
  reject_rbl_client bl.example.com=127.0.[0..255].[2;4;8]
```

## What Postfix says
```witness rcpt
postfix/smtpd: fatal: RBL reply error: ...
```

## When it is right
Never.

## References
- postconf(5) smtpd_client_restrictions, reject_rbl_client
- Postfix source: util/ip_match.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import VIEW, rule
from maillint.postfix.dnsbl import dns_list
from maillint.postfix.restrictions import BAD_FILTER

from ._lists import LISTS, judged

if TYPE_CHECKING:
    from maillint.postfix.configuration import View


@rule(
    severity=ERROR,
    area="restrictions",
    parameters=LISTS,
    when_set=True,
    each=VIEW,
    noted=("maillint_rules.restrictions._lists", BAD_FILTER),
)
def bad_dnsbl_filter(view: View) -> Iterator[Finding]:
    for found in judged(view):
        word, argument = found.restriction.word, found.restriction.argument
        if found.problem == BAD_FILTER and argument is not None:
            pattern = dns_list(argument.text).filter
            yield Finding(
                found.argument_location,
                f"smtpd ends with a fatal error as soon as it gets to `{word.text}`:"
                f" `{pattern}` is no filter for the answers of a DNS list",
                mend="write four numbers or sets between dots, such as `127.0.0.[2..11]`",
                parameter=found.list.name,
            )
