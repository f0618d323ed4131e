"""A table without a restriction before it, in a list where it stands for none.

## What happens
In most lists a bare `type:name` is short for the restriction that is usual there: in
`smtpd_client_restrictions` for `check_client_access`, in `smtpd_recipient_restrictions` for
`check_recipient_access`. In `smtpd_data_restrictions` and `smtpd_end_of_data_restrictions` it is short for
nothing: smtpd asks to `specify one of` the restrictions and answers `451 4.3.5 Server configuration error` to
every message that gets so far.

## Bad
```main.cf bare-access-table@1 fragment
smtpd_data_restrictions = inline:{example.com=REJECT}
```

### In a class
```main.cf bare-access-table@2 fragment
smtpd_restriction_classes = blocked
blocked = inline:{example.com=REJECT}
smtpd_data_restrictions = blocked
```

## Good
```main.cf fragment
smtpd_data_restrictions = check_sender_access inline:{example.com=REJECT}
smtpd_sender_restrictions = inline:{example.com=REJECT}
```

## What Postfix says
```witness deliver
postfix/smtpd: warning: specify one of (check_client_access, ...) before ... restriction ...
postfix/smtpd: ... 451 4.3.5 ...
```

## When it is right
Never.

## References
- Postfix source: smtpd/smtpd_check.c (generic_checks)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import VIEW, rule
from maillint.postfix.restrictions import TABLE

from .._told import told
from ._lists import SERVER_ERROR, lists_of_smtpd

if TYPE_CHECKING:
    from maillint.postfix.configuration import View

_WITHOUT_DEFAULT = ("smtpd_data_restrictions", "smtpd_end_of_data_restrictions")


@rule(
    severity=ERROR,
    area="restrictions",
    parameters=_WITHOUT_DEFAULT,
    when_set=True,
    each=VIEW,
    noted=("maillint_rules.restrictions._lists", TABLE),
)
def bare_access_table(view: View) -> Iterator[Finding]:
    lists = lists_of_smtpd(view)
    if lists is None:
        return
    for name in _WITHOUT_DEFAULT:
        where = lists.lists.get(name)
        if where is None or where.value.setting is None:
            continue
        for reached in lists.walk(where):
            restriction, location = reached.restriction, reached.restriction.word.location
            if restriction.kind != TABLE or restriction.problem or location is None:
                continue
            if restriction.ended_by is None and restriction.certain and not told(reached.list.value):
                word = restriction.word.text
                yield Finding(
                    location,
                    f"smtpd answers {SERVER_ERROR} to every message that gets as far as `{word}`:"
                    f" in `{name}` a bare table stands for no restriction",
                    mend=f"write what the table is about, such as `check_sender_access {word}`",
                    parameter=reached.list.name,
                )
