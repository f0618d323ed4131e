"""A rule of a cidr table that Postfix skips.

## What happens
The program that opens the table warns, skips the rule and goes on with the others: the client that the rule
is about is treated as if it did not stand there. A rule is a network or an address, white space and a
result. The address of a network has no bits beyond its mask.

## Bad
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
smtpd_client_restrictions = check_client_access cidr:/etc/postfix/clients
```
```clients cidr-table-bad-rule@1 cidr-table-bad-rule@2 cidr-table-bad-rule@3
192.0.2.1/24 REJECT
198.51.100.7
203.0.113.0/33 REJECT
```

```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
smtpd_client_restrictions = check_client_access cidr:/etc/postfix/clients
```
```clients cidr-table-bad-rule@1
if 192.0.2.0/24
192.0.2.7 REJECT
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
smtpd_client_restrictions = check_client_access cidr:/etc/postfix/clients
```
```clients
192.0.2.0/24 REJECT
!2001:db8::/32 DUNNO
if 198.51.100.0/24
198.51.100.7 REJECT
endif
```

## What Postfix says
```witness rcpt
postfix/smtpd: warning: cidr map /etc/postfix/clients, line 1: non-null host address bits in ...
postfix/smtpd: warning: cidr map /etc/postfix/clients, line 2: no lookup result: skipping this rule
postfix/smtpd: warning: cidr map ..., line 3: bad mask length in "203.0.113.0/33": skipping this rule
```

```witness rcpt bad=2
postfix/smtpd: warning: cidr map /etc/postfix/clients, line 1: IF has no matching ENDIF
```

## When it is right
Never.

## References
- cidr_table(5)
- Postfix source: util/dict_cidr.c, util/cidr_match.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule
from maillint.postfix.table_syntax import BAD_NETWORK, NO_VALUE, UNMATCHED_ENDIF, UNMATCHED_IF

from .._tablefiles import Judged, finding, problems

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(
    severity=ERROR,
    area="table-files",
    tables=True,
    noted=("maillint_rules._tablefiles", BAD_NETWORK, NO_VALUE, UNMATCHED_ENDIF, UNMATCHED_IF),
)
def cidr_table_bad_rule(config: Configuration) -> Iterator[Finding]:
    for judged in problems(config, BAD_NETWORK, NO_VALUE, UNMATCHED_ENDIF, UNMATCHED_IF):
        if judged.reader == "cidr":
            yield finding(judged, *_explain(judged))


def _explain(judged: Judged) -> tuple[str, str]:
    kind, said, instead = judged.problem.kind, judged.problem.said, judged.problem.argument
    if kind == UNMATCHED_IF:
        return "the rest of the table is for this condition alone: no `endif` follows", "write `endif`"
    if kind == UNMATCHED_ENDIF:
        return f"Postfix skips this line: {said}", "remove what is too much"
    if kind == NO_VALUE:
        return "Postfix skips this rule: it has no result", "write a result behind the network"
    if instead:
        network = judged.text
        host = network.partition("/")[0]
        return (
            f"Postfix skips this rule: the address `{network}` has bits beyond the mask",
            f"write `{instead}` for the network, or `{host}` for this host alone",
        )
    return f"Postfix skips this rule: {said}", "write an address, or a network such as `192.0.2.0/24`"
