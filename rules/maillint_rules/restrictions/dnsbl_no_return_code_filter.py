"""An error message of a DNS list is taken for a hit.

## What happens
`reject_rbl_client LIST` takes every answer for "this client is listed". Some lists have other answers, too:
those of Spamhaus answer `127.255.255.254` to a question that comes through a public resolver, and
`127.255.255.255` after too many questions; URIBL answers `127.0.0.1`; Hostkarma lists good hosts under
`127.0.0.1`. Then all mail is rejected, or that of the best senders, from one day to the next. A filter behind
`=` says which answers count.

## Bad
```main.cf dnsbl-no-return-code-filter@1 fragment
smtpd_client_restrictions = permit_mynetworks, reject_rbl_client zen.spamhaus.org
```

### Asked by postscreen
```main.cf dnsbl-no-return-code-filter@2 fragment
postscreen_dnsbl_action = enforce
postscreen_dnsbl_sites = zen.spamhaus.org*3, bl.spamcop.net
postscreen_dnsbl_threshold = 3
```

## Good
```main.cf fragment
smtpd_client_restrictions = permit_mynetworks, reject_rbl_client zen.spamhaus.org=127.0.0.[2..11],
  reject_rbl_client bl.spamcop.net
smtpd_sender_restrictions = reject_rhsbl_sender dbl.spamhaus.org=127.0.1.[2..99]
```

```main.cf fragment
# A hit of this list alone has no effect.
postscreen_dnsbl_action = enforce
postscreen_dnsbl_sites = zen.spamhaus.org*2, bl.spamcop.net*2
postscreen_dnsbl_threshold = 3
```

## When it is right
Where the own name server answers for the list, from a copy of its data.

## References
- postconf(5) reject_rbl_client, postscreen_dnsbl_sites
- Spamhaus, "Using our public mirrors? Check your return codes now"
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Edit, Finding, Fix
from maillint.engine.rule import VIEW, rule

from ._dns_lists import ASKING, SITES, UNFILTERED, asked

if TYPE_CHECKING:
    from maillint.postfix.configuration import View

    from ._dns_lists import Asked


@rule(
    severity=WARNING,
    area="restrictions",
    parameters=ASKING,
    when_set=True,
    each=VIEW,
    noted=("maillint_rules.restrictions._dns_lists", UNFILTERED),
)
def dnsbl_no_return_code_filter(view: View) -> Iterator[Finding]:
    for found in asked(view):
        known = found.known
        if known is None or not found.is_unfiltered or not _decides(view, found):
            continue
        end = found.domain_location.span.end
        what = "lets clients in" if found.word.startswith("permit") else "turns mail away"
        yield Finding(
            found.domain_location,
            f"not every answer of `{found.domain}` means that the client is listed, but each {what}:"
            " it answers with an address when it refuses a question, too",
            mend=f"write `{found.domain}={known.filter}`",
            parameter=found.parameter,
            fix=Fix(
                "name the answers that count", (Edit.insert(found.location.source, end, f"={known.filter}"),)
            )
            if found.is_written
            else None,
        )


def _decides(view: View, found: Asked) -> bool:
    """Whether a hit of this list is enough to turn a client away; of smtpd it always is."""
    if found.word != SITES:
        return True
    threshold = view.value("postscreen_dnsbl_threshold").text or ""
    return (
        view.value("postscreen_dnsbl_action").text in ("enforce", "drop")
        and threshold.isdecimal()
        and found.weight >= int(threshold)
    )
