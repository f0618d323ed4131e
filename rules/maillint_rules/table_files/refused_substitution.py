r"""A pattern table puts text of the address into a result where Postfix allows none.

## What happens
What decides where mail is delivered, or with whose rights, must not be made of text that a stranger chose.
So `local`, `virtual` and `trivial-rewrite` skip each rule of a regexp or pcre table whose result holds
`$number`, with a warning.

## Bad
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
transport_maps = pcre:/etc/postfix/transport
```
```transport refused-substitution@1
/^(.*)@example\.net$/ smtp:[$1.example.net]
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
transport_maps = pcre:/etc/postfix/transport
```
```transport
/^(.*)@example\.net$/ smtp:[mail.example.net]
```

```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
canonical_maps = pcre:/etc/postfix/canonical
```
```canonical
/^(.*)@example\.net$/ $1@example.com
```

## What Postfix says
```witness rcpt
postfix/trivial-rewrite: warning: pcre map ..., line 1: regular expression substitution is not allow...
```

## When it is right
Never.

## References
- pcre_table(5) "TABLE SECURITY"; virtual(8), local(8) "SECURITY"
- Postfix source: util/dict_regexp.c, util/dict_pcre.c (DICT_FLAG_NO_REGSUB)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule
from maillint.postfix.pattern_syntax import INDEX_REFUSED
from maillint.postfix.table_uses import NUMBERS_REFUSED

from .._tablefiles import finding, problems

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(
    severity=ERROR,
    area="table-files",
    tables=True,
    security=True,
    noted=("maillint_rules._tablefiles", INDEX_REFUSED),
)
def refused_substitution(config: Configuration) -> Iterator[Finding]:
    for judged in problems(config, INDEX_REFUSED):
        name = next(use.parameter for use in judged.table.uses if use.parameter in NUMBERS_REFUSED)
        yield finding(
            judged,
            f"Postfix skips this rule: in `{name}` a result must not be made of what the pattern matched",
            "write a result without `$`, one rule for each, or use an indexed table",
        )
