"""The name of a table is not of the form that its type needs.

## What happens
- `inline:`, `pipemap:`, `unionmap:` and `randmap:` need braces, and in them pairs, tables or values;
- `unix:` has two tables only, `passwd.byname` and `group.byname`;
- `socketmap:` needs a server and the name of a map there: `inet:HOST:PORT:NAME` or `unix:PATH:NAME`.

Where the form is wrong the program logs an error, and each look-up in the table fails: smtpd answers 451,
mail stays in the queue. With some types the program ends.

## Bad
```main.cf map-bad-name@1 fragment
smtpd_client_restrictions = check_client_access inline:{192.0.2.1 REJECT}
```

```main.cf map-bad-name@1 fragment
smtpd_client_restrictions = check_client_access pipemap:{hash,/etc/postfix/clients}
```

```main.cf map-bad-name@1 fragment
local_recipient_maps = unix:passwd
```

```main.cf map-bad-name@1 fragment
smtp_tls_policy_maps = socketmap:inet:127.0.0.1:8461
```

## Good
```main.cf fragment
smtpd_client_restrictions = check_client_access inline:{192.0.2.1=REJECT}
local_recipient_maps = unix:passwd.byname
smtp_tls_policy_maps = socketmap:inet:127.0.0.1:8461:postfix
```

```main.cf fragment
smtpd_client_restrictions = check_client_access inline:{ { 192.0.2.1 = REJECT not today } }
```

## What Postfix says
```witness rcpt
postfix/smtpd: error: missing '=' after attribute name: "inline:{192.0.2.1 REJECT}"; ...
451 4.3.5 ... Server configuration error
```

```witness rcpt bad=2
postfix/smtpd: error: bad syntax: "pipemap:{hash,/etc/postfix/clients}"; need "pipemap:{type:name...}"
```

```witness rcpt bad=3
postfix/smtpd: error: unknown table: unix:passwd
```

## When it is right
Never.

## References
- DATABASE_README, socketmap_table(5), tcp_table(5)
- Postfix source: util/dict_inline.c, util/dict_pipe.c, util/dict_random.c, util/dict_sockmap.c,
  util/dict_static.c, util/dict_stream.c, util/dict_tcp.c, util/dict_union.c, util/dict_unix.c
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule
from maillint.postfix.tables import BAD_NAME

from .._tables import problems, refused

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_QUOTATION = re.compile(r'(?: in|:) "')
"""What Postfix quotes is the whole table, in which a password may stand."""
_FORMS = {
    "cidr": "put each rule in braces of its own: `cidr:{{192.0.2.0/24 REJECT}}` (Postfix 3.7 and later)",
    "inline": "write `inline:{key=value, ...}`, and `{ key = two words }` for a value with blanks",
    "pcre": "put each rule in braces of its own: `pcre:{{/pattern/ result}}` (Postfix 3.7 and later)",
    "pipemap": "write `pipemap:{type:name, type:name}`",
    "proxy": "write `proxy:type:name`",
    "randmap": "write `randmap:{value, value}`",
    "regexp": "put each rule in braces of its own: `regexp:{{/pattern/ result}}` (Postfix 3.7 and later)",
    "socketmap": "write `socketmap:inet:host:port:name` or `socketmap:unix:path:name`",
    "static": "write `static:{text}`, with nothing behind the closing brace",
    "tcp": "write `tcp:host:port`",
    "unionmap": "write `unionmap:{type:name, type:name}`",
    "unix": "write `unix:passwd.byname` or `unix:group.byname`",
}


@rule(severity=ERROR, area="tables", noted=("maillint_rules._tables", BAD_NAME))
def map_bad_name(config: Configuration) -> Iterator[Finding]:
    for named, problem in problems(config, BAD_NAME):
        table = next(table for table in named.table.walk() if problem in table.problems)
        said = _QUOTATION.split(problem.said, maxsplit=1)[0]
        yield refused(
            named,
            problem,
            f"the name behind `{table.type}:` cannot be read ({said})",
            _FORMS[table.type],
        )
