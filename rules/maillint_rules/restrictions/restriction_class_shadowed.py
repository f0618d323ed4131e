"""A restriction class with the name of a restriction has no effect.

## What happens
smtpd knows its own restrictions first, in any case. A class of the same name is defined, but whoever writes
the name in a list gets the built-in restriction.

## Bad
```main.cf restriction-class-shadowed@1 fragment
smtpd_restriction_classes = permit_mynetworks
permit_mynetworks = reject_unauth_pipelining, permit_inet_interfaces
smtpd_client_restrictions = permit_mynetworks, reject
```

## Good
```main.cf fragment
smtpd_restriction_classes = local_clients
local_clients = reject_unauth_pipelining, permit_inet_interfaces
smtpd_client_restrictions = local_clients, reject
```

## When it is right
Never.

## References
- RESTRICTION_CLASS_README
- Postfix source: smtpd/smtpd_check.c (generic_checks)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding
from maillint.engine.rule import VIEW, rule
from maillint.postfix import vocabulary
from maillint.postfix.restrictions import CLASSES

from .._told import told
from ._lists import lists_of_smtpd

if TYPE_CHECKING:
    from maillint.postfix.configuration import View


@rule(severity=WARNING, area="restrictions", parameters=(CLASSES,), when_set=True, each=VIEW)
def restriction_class_shadowed(view: View) -> Iterator[Finding]:
    if lists_of_smtpd(view) is None or told(view.value(CLASSES)):
        return
    for item in view.items(CLASSES):
        known = vocabulary.restriction(item.text)
        if known is not None and known.since.within(view.configuration.version) and item.location is not None:
            yield Finding(
                item.location,
                f"the class `{item.text}` has no effect: in a list, the name stands for the restriction"
                f" that smtpd itself has",
                mend="give the class a name of its own",
                parameter=CLASSES,
            )
