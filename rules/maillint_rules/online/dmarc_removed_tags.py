"""The DMARC record has tags that the standard no longer knows.

## What happens
RFC 9989 has removed `pct`, `rf` and `ri`. Receivers that follow it ignore them: a record `p=reject; pct=10`
counts in full. Older ones still honour them, so that the same mail fares differently at each. To try a policy
out there is `t=y`, which asks for the next milder one.

## Bad
```main.cf dmarc-removed-tags@2
myhostname = web01.example.com
myorigin = example.com
```

```dns.zone
example.com.        60 TXT "v=spf1 ip4:192.0.2.1 -all"
_dmarc.example.com. 60 TXT "v=DMARC1; p=quarantine; pct=50; rua=mailto:dmarc@example.com"
```

## Good
```main.cf
myhostname = web01.example.com
myorigin = example.com
```

```dns.zone
example.com.        60 TXT "v=spf1 ip4:192.0.2.1 -all"
_dmarc.example.com. 60 TXT "v=DMARC1; p=quarantine; t=y; rua=mailto:dmarc@example.com"
```

## When it is right
`pct=0` or `pct=100` for the sake of older receivers.

## References
- RFC 9989, section 4.7 and appendix C.5
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.dns.dmarc import REMOVED
from maillint.engine.finding import INFO, Finding, NotChecked
from maillint.engine.rule import rule

from ._asking import asked, txt_line
from ._dmarc_policy import PARAMETERS, governing_records

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_HARMLESS = frozenset((("pct", "0"), ("pct", "100"), ("rf", "afrf"), ("ri", "86400")))
"""Values that mean the same to old receivers and new ones, or are kept for old ones alone."""


@rule(severity=INFO, area="online", parameters=PARAMETERS, online=True, complete=True)
def dmarc_removed_tags(config: Configuration) -> Iterator[Finding | NotChecked]:
    for found in governing_records(config):
        if isinstance(found, NotChecked):
            yield found
            continue
        for tag in found.record.tags:
            if tag.name in REMOVED and (tag.name, tag.value.lower()) not in _HARMLESS:
                instead = REMOVED[tag.name]
                left = [found.record.text[other.start : other.end] for other in found.record.tags]
                left.remove(found.record.text[tag.start : tag.end])
                yield Finding(
                    found.sender.location,
                    f"{found.sender.mail}, and {found.where} has `{tag.name}={tag.value}`"
                    f" ({asked(found.place.answer)}), which receivers ignore that follow RFC 9989, and others"
                    " do not",
                    mend=f"take `{tag.name}={tag.value}` out"
                    + (f", or write `{instead}` to try the policy out" if instead else "")
                    + f":\n{txt_line(f'_dmarc.{found.place.domain}', '; '.join(left))}",
                    parameter=found.sender.sender.parameter,
                    related=found.sender.related,
                )
