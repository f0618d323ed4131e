"""A restriction class that leads back to itself kills smtpd.

## What happens
smtpd follows the class into itself until its stack is full, and is `killed by signal 11`, without a message
of its own: when it starts, if the class is in `smtpd_recipient_restrictions` or `smtpd_relay_restrictions`,
else when a client comes.

## Bad
```main.cf circular-restriction-class@2 fragment
smtpd_restriction_classes = from_partners
from_partners = permit_sasl_authenticated, from_partners
smtpd_client_restrictions = from_partners
```

### By way of another class
```main.cf circular-restriction-class@3 fragment
smtpd_restriction_classes = from_partners, from_branches
from_partners = permit_mynetworks, from_branches
from_branches = reject_unauth_pipelining, from_partners
smtpd_client_restrictions = from_partners
```

## Good
```main.cf fragment
smtpd_restriction_classes = from_partners
from_partners = permit_mynetworks, reject_unauth_pipelining
smtpd_client_restrictions = from_partners
```

## What Postfix says
```witness rcpt
postfix/master: warning: process ... killed by signal 11
```

## When it is right
Never.

## References
- RESTRICTION_CLASS_README
- Postfix source: smtpd/smtpd_check.c (generic_checks, has_required)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import VIEW, rule
from maillint.postfix.restrictions import CLASSES

from ._lists import lists_of_smtpd

if TYPE_CHECKING:
    from maillint.postfix.configuration import View


@rule(severity=ERROR, area="restrictions", parameters=(CLASSES,), when_set=True, each=VIEW)
def circular_restriction_class(view: View) -> Iterator[Finding]:
    lists = lists_of_smtpd(view)
    for word, where in lists.cycles() if lists is not None else ():
        if word.word.location is not None:
            yield Finding(
                word.word.location,
                f"smtpd is killed by a signal once it enters the class `{where.name}`:"
                f" `{word.name}` leads back into the same class without end",
                mend=f"take `{word.name}` out of `{where.name}`",
                parameter=where.name,
            )
