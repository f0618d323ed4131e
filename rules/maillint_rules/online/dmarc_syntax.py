"""The DMARC record is malformed, or there is more than one.

## What happens
Receivers take nothing of a record that does not begin with exactly `v=DMARC1;`, and none of two records at
one name. A wrong value of `p=` makes it count as `p=none`, or as no record where nobody gets reports. What
else is wrong is ignored: reports do not arrive, or alignment is not what was meant.

## Bad
```main.cf dmarc-syntax@2
myhostname = web01.example.com
myorigin = example.com
```

```dns.zone
example.com.        60 TXT "v=spf1 ip4:192.0.2.1 -all"
_dmarc.example.com. 60 TXT "v=DMARC1; p=quarantaine; rua=mailto:dmarc@example.com"
```

### Two records
```main.cf dmarc-syntax@2
myhostname = web01.example.com
myorigin = example.com
```

```dns.zone
example.com.        60 TXT "v=spf1 ip4:192.0.2.1 -all"
_dmarc.example.com. 60 TXT "v=DMARC1; p=reject"
_dmarc.example.com. 60 TXT "v=DMARC1; p=none; rua=mailto:dmarc@example.com"
```

### The version does not come first
```main.cf dmarc-syntax@2
myhostname = web01.example.com
myorigin = example.com
```

```dns.zone
example.com.        60 TXT "v=spf1 ip4:192.0.2.1 -all"
_dmarc.example.com. 60 TXT "v=DMARC1 p=reject"
```

## Good
```main.cf
myhostname = web01.example.com
myorigin = example.com
```

```dns.zone
example.com.        60 TXT "v=spf1 ip4:192.0.2.1 -all"
_dmarc.example.com. 60 TXT "v=DMARC1; p=quarantine; rua=mailto:dmarc@example.com"
```

## When it is right
Never.

## References
- RFC 9989, sections 4.7, 4.8 and 4.10
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.dns.dmarc import PREFIX, Place, why_near_miss
from maillint.engine.finding import ERROR, WARNING, Finding, NotChecked
from maillint.engine.rule import rule

from ._asking import asked
from ._dmarc_policy import PARAMETERS, Judged, published

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

    from ._senders import SenderDomain


@rule(severity=ERROR, area="online", parameters=PARAMETERS, online=True, complete=True)
def dmarc_syntax(config: Configuration) -> Iterator[Finding | NotChecked]:
    seen: set[str] = set()
    for found in published(config):
        if isinstance(found, NotChecked):
            yield found
            continue
        for place in found.discovery.places:
            if place.domain not in seen:
                seen.add(place.domain)
                yield from _judged(found.sender, place)


def _judged(sender: SenderDomain, place: Place) -> Iterator[Finding]:
    name = f"{PREFIX}.{place.domain}"
    told = asked(place.answer)
    if len(place.records) > 1:
        lines = "\n".join(f'{name}. TXT "{text}"' for text in sorted(place.records))
        yield _finding(
            sender,
            f"there are {len(place.records)} DMARC records at `{name}` ({told}), of which receivers take"
            " none",
            f"delete all but one of these:\n{lines}",
        )
    elif not place.records and place.near_misses:
        text = place.near_misses[0]
        yield _finding(
            sender,
            f"receivers do not take `{text}` at `{name}` for a DMARC record: {why_near_miss(text)} ({told})",
            f"correct the TXT record at {name} so that it begins with `v=DMARC1; p=`",
        )
    for problem in place.record.problems if place.record is not None else ():
        record = Judged(sender, place, place.record)  # type: ignore[arg-type]
        lost = ", so receivers take the record for none" if problem.fatal else ""
        yield _finding(
            sender,
            f"{record.where} is wrong at column {problem.start + 1}: {problem.message}{lost} ({told})",
            f"correct the TXT record at {name}",
            ERROR if problem.fatal else WARNING,
        )


def _finding(sender: SenderDomain, what: str, mend: str, severity: str = ERROR) -> Finding:
    return Finding(
        sender.location,
        f"{sender.mail}, and {what}",
        mend=mend,
        severity=severity,
        parameter=sender.sender.parameter,
        related=sender.related,
    )
