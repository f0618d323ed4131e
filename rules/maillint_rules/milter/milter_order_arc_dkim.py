"""The mail is signed before a milter that may change it.

## What happens
Postfix asks milters in the order of the list. A DKIM signature covers the body and some headers as they are
at that moment; a milter behind it that marks the subject, adds a disclaimer or takes the message apart breaks
the signature, and receivers count the mail as forged.

## Bad
```main.cf milter-order-arc-dkim@1 fragment
smtpd_milters = unix:/run/opendkim/opendkim.sock, unix:/run/spamass/spamass.sock
```

## Good
```main.cf fragment
smtpd_milters = unix:/run/spamass/spamass.sock, unix:/run/opendkim/opendkim.sock
```

### A milter behind it that only adds a header
```main.cf fragment
smtpd_milters = unix:/run/opendkim/opendkim.sock, unix:/run/clamav/clamav-milter.sock
```

## When it is right
Where the later milter leaves outgoing mail as it is, or must see the result of the signature check.

## References
- MILTER_README; RFC 6376, 5.1
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, LOW, Edit, Finding, Fix, Related
from maillint.engine.rule import rule
from maillint.postfix.milters import SMTPD

from ._signing import EARLY, signed_early

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.postfix.milters import Milter


@rule(
    severity=INFO,
    area="milter",
    parameters=(SMTPD,),
    when_set=True,
    noted=("maillint_rules.milter._signing", EARLY),
)
def milter_order_arc_dkim(config: Configuration) -> Iterator[Finding]:
    for view, first, later in signed_early(config):
        location = first.item.location
        if location is None or first.software is None or later.software is None:
            continue
        yield Finding(
            location,
            f"{first.software.name} signs the mail before {later.software.name}, which may change it",
            mend=f"put {first.software.name} behind it",
            confidence=LOW,
            parameter=SMTPD,
            related=(Related(later.item.location, "this milter comes later"),) if later.item.location else (),
            services=(view.id,) if view.overrides.get(SMTPD) else (),
            fix=_fix(first, later),
        )


def _fix(first: Milter, later: Milter) -> Fix | None:
    """Let the two change places, where both are written out."""
    places = first.item.location, later.item.location
    if any(place is None for place in places):
        return None
    here, there = (place for place in places if place is not None)
    if here.text != first.item.text or there.text != later.item.text:
        return None
    return Fix("let them change places", (Edit(here, there.text), Edit(there, here.text)), safe=False)
