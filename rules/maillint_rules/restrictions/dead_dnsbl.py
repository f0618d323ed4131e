"""A DNS list that was given up.

## What happens
Lists come and go. One that was given up answers nothing at best: each client waits for its name servers, and
no spam is kept out. Some have come to list every address, so that their old users notice: then every client
is rejected. A domain that was let go belongs to whoever buys it, and may answer anything at any time.

## Bad
```main.cf dead-dnsbl@1 fragment
smtpd_client_restrictions = permit_mynetworks, reject_rbl_client dnsbl.sorbs.net
```

### It lists everybody
```main.cf dead-dnsbl@1 fragment
smtpd_client_restrictions = permit_mynetworks, reject_rbl_client bl.spamcannibal.org
```

### Asked by postscreen
```main.cf dead-dnsbl@2 fragment
postscreen_dnsbl_action = enforce
postscreen_dnsbl_sites = ix.dnsbl.manitu.net*2, psbl.surriel.com
postscreen_dnsbl_threshold = 2
```

## Good
```main.cf fragment
smtpd_client_restrictions = permit_mynetworks, reject_rbl_client zen.spamhaus.org=127.0.0.[2..11]
```

## When it is right
Where the own name server answers for the list, with other data.

## References
- RFC 6471, section 3.4
- The sources of the dates stand beside them, in the list of DNS lists that maillint brings along.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, MEDIUM, WARNING, Finding, Fix
from maillint.engine.rule import VIEW, rule

from ._dns_lists import ASKING, CLOSED, SITES, asked

if TYPE_CHECKING:
    from maillint.postfix.configuration import View
    from maillint.postfix.dnsbl import KnownList

    from ._dns_lists import Asked


@rule(
    severity=WARNING,
    area="restrictions",
    parameters=ASKING,
    when_set=True,
    each=VIEW,
    noted=("maillint_rules.restrictions._dns_lists", CLOSED),
)
def dead_dnsbl(view: View) -> Iterator[Finding]:
    for found in asked(view):
        known = found.known
        if known is None or not known.closed:
            continue
        lists_all = known.answers == "all"
        yield Finding(
            found.domain_location,
            f"the DNS list `{found.domain}` was given up ({known.closed}){_effect(found, known)}",
            mend="remove it",
            severity=ERROR if lists_all and found.word.startswith("reject") else WARNING,
            confidence=MEDIUM,
            parameter=found.parameter,
            fix=Fix("remove it", (found.removal,), safe=False) if found.removal is not None else None,
        )


def _effect(found: Asked, known: KnownList) -> str:
    if known.answers != "all":
        return ": it keeps nobody out, and each look-up costs time"
    who = "everybody"
    if found.word == SITES:
        return f", and has come to list {who}: every client scores {found.weight}"
    if found.word.startswith("permit"):
        return f", and has come to list {who}, so that `{found.word}` lets {who} in"
    return f", and has come to list {who}: all mail that gets here is rejected"
