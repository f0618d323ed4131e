"""An alias leads back to itself.

## What happens
Postfix looks the result of an alias up again. When that leads back in `virtual_alias_maps`, mail for these
addresses is refused with `451 4.6.0 Alias expansion error` again and again. In `alias_maps`, `local` returns
the mail to its sender.

An alias in whose own result its name stands is no loop: `anna: anna, archive` keeps a copy.

## Bad
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
virtual_alias_maps = texthash:/etc/postfix/virtual
```
```virtual alias-loop@1
anna@example.com bert@example.com
bert@example.com anna@example.com, carl@example.net
dora@example.com anna@example.com
```

```main.cf alias-loop@1 fragment
alias_maps = inline:{ anna=bert, bert=anna }
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $mydomain
compatibility_level = 3.6
virtual_alias_maps = texthash:/etc/postfix/virtual
```
```virtual
anna@example.com anna@example.com, bert@example.com
bert@example.com carl@example.net
dora@example.com anna@example.com
```

```main.cf fragment
alias_maps = inline:{ { anna = \\\\anna, bert } bert=carl }
```

## What Postfix says
```witness deliver anna@example.com
postfix/cleanup: warning: ...: unreasonable virtual_alias_maps map nesting for anna@example.com -- ...
```

```witness deliver anna@lab.example.com bad=2
postfix/local: warning: alias database loop for ...
```

## When it is right
Never.

## References
- virtual(5), aliases(5)
- Postfix source: cleanup/cleanup_map1n.c, local/alias.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule
from maillint.postfix.table_results import LOOP
from maillint.postfix.table_uses import ALIASES

from .._tablefiles import finding, problems

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="table-files", tables=True, noted=("maillint_rules._tablefiles", LOOP))
def alias_loop(config: Configuration) -> Iterator[Finding]:
    for judged in problems(config, LOOP):
        is_local = judged.table.uses[0].parameter in ALIASES
        outcome = "mail for it goes back to its sender" if is_local else "mail for it is refused with `451`"
        yield finding(
            judged,
            f"this alias leads back to itself, and {outcome}: {judged.problem.argument}",
            "name where the mail is to go",
        )
