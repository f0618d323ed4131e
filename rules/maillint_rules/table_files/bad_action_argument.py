"""An action of a table lacks what it acts with.

## What happens
`FILTER` needs a transport and a colon, `REDIRECT` and `BCC` an address with its domain, `PREPEND` and
`REPLACE` a header with its name and a colon (in body checks, any text). Without that the program warns and
leaves the action out.

## Bad
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
smtpd_client_restrictions = check_client_access texthash:/etc/postfix/clients
```
```clients bad-action-argument@1 bad-action-argument@2 bad-action-argument@3
127.0.0.1 FILTER scan
192.0.2.7 REDIRECT anna
192.0.2.8 PREPEND X-Known yes
```

```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
header_checks = pcre:/etc/postfix/header_checks
```
```header_checks bad-action-argument@1
/^Subject:/ PREPEND X-Seen
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
smtpd_client_restrictions = check_client_access texthash:/etc/postfix/clients
```
```clients
127.0.0.1 FILTER scan:
192.0.2.7 REDIRECT anna@example.com
192.0.2.8 PREPEND X-Known: yes
```

```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
header_checks = pcre:/etc/postfix/header_checks
```
```header_checks
/^Subject:/ PREPEND X-Seen: yes
/^To: (.*)/ REDIRECT $1
```

## What Postfix says
```witness rcpt
postfix/smtpd: warning: access table texthash:/etc/postfix/clients entry "127.0.0.1" requires transp...
```

```witness deliver bad=2
postfix/cleanup: warning: bad PREPEND header text "X-Seen" in header_checks map -- need "headername:...
```

## When it is right
Never.

## References
- access(5), header_checks(5)
- Postfix source: smtpd/smtpd_check.c, cleanup/cleanup_message.c, global/header_body_checks.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule
from maillint.postfix.table_results import BAD_ARGUMENT

from .._tablefiles import finding, problems

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_NEEDS = {
    "BCC": ("an address with its domain", "write `BCC user@example.com`"),
    "FILTER": ("`transport:destination`", "write `FILTER transport:destination`, or `FILTER transport:`"),
    "PREPEND": ("a header with its name", "write `PREPEND Name: value`"),
    "REDIRECT": ("an address with its domain", "write `REDIRECT user@example.com`"),
    "REPLACE": ("a header with its name", "write `REPLACE Name: value`"),
}


@rule(severity=ERROR, area="table-files", tables=True, noted=("maillint_rules._tablefiles", BAD_ARGUMENT))
def bad_action_argument(config: Configuration) -> Iterator[Finding]:
    for judged in problems(config, BAD_ARGUMENT):
        action = judged.problem.argument
        if action in _NEEDS:
            what, mend = _NEEDS[action]
            yield finding(judged, f"Postfix leaves this action out: `{action}` needs {what}", mend)
