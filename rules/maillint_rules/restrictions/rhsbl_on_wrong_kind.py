"""A DNS list of domains is asked about addresses, or one of addresses about domains.

## What happens
`reject_rbl_client` and postscreen(8) ask about the address of the client, the `reject_rhsbl_...` about a
domain. A list of the other kind knows nothing of it, so nobody is kept out. `dbl.spamhaus.org` and
`zrd.spamhaus.org` answer `127.0.1.255` and the like to a question about an address: without a filter,
everybody is rejected.

## Bad
```main.cf rhsbl-on-wrong-kind@1 fragment
smtpd_client_restrictions = permit_mynetworks, reject_rbl_client dbl.spamhaus.org
```

```main.cf rhsbl-on-wrong-kind@1 fragment
smtpd_sender_restrictions = reject_rhsbl_sender zen.spamhaus.org=127.0.0.[2..11]
```

## Good
```main.cf fragment
smtpd_client_restrictions = permit_mynetworks, reject_rbl_client zen.spamhaus.org=127.0.0.[2..11],
  reject_rhsbl_reverse_client dbl.spamhaus.org=127.0.1.[2..99]
smtpd_sender_restrictions = reject_rhsbl_sender dbl.spamhaus.org=127.0.1.[2..99]
```

## When it is right
Never.

## References
- postconf(5) reject_rbl_client, reject_rhsbl_client, reject_rhsbl_sender
- Spamhaus, "Available Zones" (return codes)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, WARNING, Finding
from maillint.engine.rule import VIEW, rule

from ._dns_lists import ASKING, SITES, WRONG_KIND, asked

if TYPE_CHECKING:
    from maillint.postfix.configuration import View

    from ._dns_lists import Asked

_ANSWERS_ADDRESSES = frozenset({"dbl.spamhaus.org", "zrd.spamhaus.org"})


@rule(
    severity=WARNING,
    area="restrictions",
    parameters=ASKING,
    when_set=True,
    each=VIEW,
    noted=("maillint_rules.restrictions._dns_lists", WRONG_KIND),
)
def rhsbl_on_wrong_kind(view: View) -> Iterator[Finding]:
    for found in asked(view):
        known = found.known
        if known is None or not found.is_wrong_kind:
            continue
        rejects = known.zone in _ANSWERS_ADDRESSES and not found.filter and found.word != SITES
        effect = (
            "it answers every such question, and everybody is rejected" if rejects else "it keeps nobody out"
        )
        yield Finding(
            found.domain_location,
            f"`{found.domain}` lists {known.kind}, but is asked about {found.kind}: {effect}",
            mend=_mend(found),
            severity=ERROR if rejects else WARNING,
            parameter=found.parameter,
        )


def _mend(found: Asked) -> str:
    if found.word == SITES:
        return f"remove it, and ask it with `reject_rhsbl_sender {found.domain}` in an access list of smtpd"
    if found.kind == "addresses":
        return f"write `reject_rhsbl_sender {found.domain}`, or `reject_rhsbl_reverse_client {found.domain}`"
    return f"write `reject_rbl_client {found.domain}`"
