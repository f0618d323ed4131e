r"""A regular expression as the key of an indexed table.

## What happens
A key of an indexed table is compared as it stands: only something that is spelt like the expression,
slashes included, would match it. So the entry does nothing.

## Bad
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
smtpd_sender_restrictions = check_sender_access hash:/etc/postfix/senders
```
```senders regexp-as-hash@1
/@example\.(net|org)$/ REJECT
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
smtpd_sender_restrictions = check_sender_access pcre:/etc/postfix/senders
```
```senders
/@example\.(net|org)$/ REJECT
```

```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
smtpd_sender_restrictions = check_sender_access hash:/etc/postfix/senders
```
```senders
example.net REJECT
example.org REJECT
```

## When it is right
Never.

## References
- access(5), regexp_table(5)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding
from maillint.engine.rule import rule
from maillint.postfix.table_syntax import PATTERN_KEY

from .._pattern_files import as_patterns
from .._tablefiles import finding, problems

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=WARNING, area="table-files", tables=True, noted=("maillint_rules._tablefiles", PATTERN_KEY))
def regexp_as_hash(config: Configuration) -> Iterator[Finding]:
    for judged in problems(config, PATTERN_KEY):
        found = finding(
            judged,
            f"nobody looks for `{judged.text}`: in a `{judged.table.type}:` table a regular expression is"
            " mere text",
            "make it a `pcre:` or `regexp:` table of its own",
        )
        uses = judged.table.uses
        found.fix = as_patterns(uses[0]) if len(uses) == 1 else None
        yield found
