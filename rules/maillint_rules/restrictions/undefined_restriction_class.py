"""A restriction class without a definition stops smtpd.

## What happens
For each name in `smtpd_restriction_classes` smtpd wants a parameter of that name that is not empty. Otherwise
it ends with `fatal: restriction class ... needs a definition` when it starts, and no mail is accepted.

## Bad
```main.cf undefined-restriction-class@1 fragment
smtpd_restriction_classes = from_partners
smtpd_recipient_restrictions = from_partners
```

### An empty definition
```main.cf undefined-restriction-class@1 fragment
smtpd_restriction_classes = from_partners
from_partners =
```

## Good
```main.cf fragment
smtpd_restriction_classes = from_partners
from_partners = permit_mynetworks, reject
smtpd_recipient_restrictions = from_partners
```

## What Postfix says
```witness connect
postfix/smtpd: fatal: restriction class `from_partners' needs a definition
```

```witness connect bad=2
postfix/smtpd: fatal: restriction class `from_partners' needs a definition
```

## When it is right
Never.

## References
- RESTRICTION_CLASS_README
- Postfix source: smtpd/smtpd_check.c (smtpd_check_init)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import VIEW, rule
from maillint.postfix.restrictions import CLASSES

from .._chain import set_here
from .._told import is_placeholder, told
from ._lists import lists_of_smtpd

if TYPE_CHECKING:
    from maillint.postfix.configuration import View


@rule(severity=ERROR, area="restrictions", parameters=(CLASSES,), when_set=True, each=VIEW)
def undefined_restriction_class(view: View) -> Iterator[Finding]:
    lists = lists_of_smtpd(view)
    if lists is None or told(view.value(CLASSES)):
        return
    for item in lists.undefined:
        if item.location is None or is_placeholder(item.text):
            continue
        setting = view.setting(item.text)
        what = "nothing defines" if setting is None else "there is nothing in the definition of"
        yield Finding(
            item.location,
            f"smtpd ends with a fatal error when it starts: {what} the restriction class `{item.text}`",
            mend=f"write `{item.text} = ` with the restrictions of the class, or take it out of the list",
            parameter=CLASSES,
            related=set_here((setting,)),
        )
