"""A virtual alias and a local alias lead to each other.

## What happens
`virtual_alias_maps` leads an address to a local user, and the alias of that user in `alias_maps` back to the
address. local(8) sends the mail on, gets it again, sees that it had it before, and returns it to its sender:
`mail forwarding loop for anna@mail.example.com`.

A loop within one table has the rule `alias-loop`.

## Bad
```main.cf alias-loop-across-tables@4
myhostname = mail.example.com
myorigin = $myhostname
compatibility_level = 3.6
alias_maps = inline:{ { anna = anna@example.net } root=anna }
virtual_alias_maps = inline:{ { anna@example.net = anna } }
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = $myhostname
compatibility_level = 3.6
alias_maps = inline:{ { anna = bert } root=bert }
virtual_alias_maps = inline:{ { anna@example.net = anna } }
```

## What Postfix says
```witness deliver anna@example.net
postfix/local: ... status=bounced (mail forwarding loop for anna@mail.example.com)
```

## When it is right
Never.

## References
- aliases(5), virtual(5), local(8)
- Postfix source: local/resolve.c, local/forward.c
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import rule

from .._chain import set_here
from ._lists import CROSSING, loops_across_tables

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(
    severity=ERROR,
    area="address-classes",
    parameters=("alias_maps",),
    when_set=True,
    tables=True,
    noted=("maillint_rules.address_classes._lists", CROSSING),
)
def alias_loop_across_tables(config: Configuration) -> Iterator[Finding]:
    view = config.main_view
    setting = view.setting("alias_maps")
    for loop in loops_across_tables(config):
        if setting is None:
            return
        yield Finding(
            setting.value.location(),
            f"mail goes round and comes back to its sender: {' -> '.join((*loop, loop[0]))}, by turns in"
            " `alias_maps` and in `virtual_alias_maps`",
            mend="name where the mail is to go in one of the two tables",
            parameter="alias_maps",
            related=set_here((view.setting("virtual_alias_maps"),)),
        )
