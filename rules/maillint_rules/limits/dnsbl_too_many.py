"""Each recipient waits for many DNS lists, one after the other.

## What happens
smtpd(8) asks one DNS list, waits for the answer, then asks the next. Each takes time, each that does not
answer ten seconds and more, and lists past the third or fourth hardly refuse what the others let through.
postscreen(8) asks all at once, and adds up what they say.

## Bad
```main.cf dnsbl-too-many@7 fragment
smtpd_recipient_restrictions = permit_mynetworks, reject_unauth_destination,
  reject_rbl_client a.dnsbl.example.org,
  reject_rbl_client b.dnsbl.example.org,
  reject_rbl_client c.dnsbl.example.org,
  reject_rbl_client d.dnsbl.example.org,
  reject_rbl_client e.dnsbl.example.org,
  reject_rbl_client f.dnsbl.example.org
```

## Good
```main.cf fragment
smtpd_recipient_restrictions = permit_mynetworks, reject_unauth_destination,
  reject_rbl_client a.dnsbl.example.org,
  reject_rbl_client b.dnsbl.example.org
```

## When it is right
Where the lists are copies on a name server of one's own.

## References
- POSTSCREEN_README; postconf(5) reject_rbl_client, postscreen_dnsbl_sites
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, Finding
from maillint.engine.rule import VIEW, rule

from ..restrictions._dns_lists import MANY, MOST_LISTS, SITES, asked
from ..restrictions._lists import LISTS

if TYPE_CHECKING:
    from maillint.postfix.configuration import View


@rule(
    severity=INFO,
    area="limits",
    parameters=LISTS,
    when_set=True,
    noted=("maillint_rules.restrictions._dns_lists", MANY),
    each=VIEW,
)
def dnsbl_too_many(view: View) -> Iterator[Finding]:
    lists = [list_ for list_ in asked(view) if list_.word != SITES]
    if len(lists) > MOST_LISTS:
        last = lists[-1]
        yield Finding(
            last.location,
            f"smtpd asks {len(lists)} DNS lists, one after the other, before it takes a recipient",
            mend="keep the two or three that refuse most, or let postscreen ask them all at once",
            parameter=last.parameter,
        )
