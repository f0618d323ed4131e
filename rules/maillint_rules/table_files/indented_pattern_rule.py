"""A rule of a regexp or pcre table is indented, and so it is a part of the line above.

## What happens
A line that begins with white space continues the one above, also between `if` and `endif`. The rule does
not act, and the result of the one above grows by its text. Behind an `if` Postfix warns; elsewhere it says
nothing.

## Bad
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
header_checks = pcre:/etc/postfix/header_checks
```
```header_checks indented-pattern-rule@2
if /^Subject:/
  /cheap/ REJECT
endif
```

```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
header_checks = regexp:/etc/postfix/header_checks
```
```header_checks indented-pattern-rule@2
/^Subject: free/ REJECT
 /^Subject: gratis/ REJECT
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
header_checks = pcre:/etc/postfix/header_checks
```
```header_checks
if /^Subject:/
/cheap/
  REJECT nothing is cheap here
endif
```

## What Postfix says
```witness deliver
postfix/cleanup: warning: pcre map ..., line 1: ignoring extra text after IF statement: "/cheap/ REJECT"
postfix/cleanup: warning: pcre map ..., line 1: do not prepend whitespace to statements between IF and ENDIF
```

## When it is right
Never.

## References
- regexp_table(5), pcre_table(5)
- Postfix source: util/dict_regexp.c, util/dict_pcre.c, util/readlline.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule
from maillint.postfix.pattern_syntax import SWALLOWED_RULE

from .._tablefiles import finding, problems

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="table-files", tables=True, noted=("maillint_rules._tablefiles", SWALLOWED_RULE))
def indented_pattern_rule(config: Configuration) -> Iterator[Finding]:
    for judged in problems(config, SWALLOWED_RULE):
        yield finding(
            judged,
            "this rule does not act: it is indented, so it is a part of the line above",
            "remove the white space before it",
        )
