"""The domain that mail from programs carries has more than one SPF record.

## What happens
A domain has one SPF record. With two, the result is `permerror` for every sender (RFC 7208 4.5), whatever
the records say: SPF passes for no server of the domain. It happens when a second service tells its
customers to "add this record", and it is added beside the first one instead of merged into it.

## Bad
```main.cf spf-multiple-records@2
myhostname = web01.example.com
myorigin = example.com
```

```dns.zone
example.com. 60 TXT "v=spf1 ip4:192.0.2.1 -all"
example.com. 60 TXT "v=spf1 include:_spf.example.net ~all"
```

## Good
```main.cf
myhostname = web01.example.com
myorigin = example.com
```

```dns.zone
example.com. 60 TXT "v=spf1 ip4:192.0.2.1 include:_spf.example.net ~all"
example.com. 60 TXT "v=spf10 is no SPF record"
```

## When it is right
Never. Several strings in one record are fine: receivers join them.

## References
- RFC 7208, sections 3.2, 3.3 and 4.5
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.dns.spf import merge
from maillint.engine.finding import ERROR, WARNING, Finding, NotChecked
from maillint.engine.rule import rule
from maillint.postfix.sender import DIRECT

from ._sender_spf import SenderSpf, record_lines, sender_spf

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="online", parameters=("myorigin",), online=True, complete=True)
def spf_multiple_records(config: Configuration) -> Iterator[Finding | NotChecked]:
    spf = sender_spf(config)
    if isinstance(spf, NotChecked):
        yield spf
    elif spf is not None and len(spf.selection.records) > 1:
        yield Finding(
            spf.location,
            f"{spf.mail}, and that domain has {len(spf.selection.records)} SPF records ({spf.asked}): every"
            " receiver takes that for a permanent error, so SPF passes for no server of the domain",
            mend=_mend(spf),
            severity=ERROR if spf.route.kind == DIRECT else WARNING,
            parameter=spf.sender.parameter,
            related=spf.related,
        )


def _mend(spf: SenderSpf) -> str:
    records = sorted(spf.selection.records)
    merged = merge(records)
    lines = ["delete all of these but one:", *(f'{spf.domain}. TXT "{record}"' for record in records)]
    if merged is not None and len(set(records)) > 1:
        lines += ["and let the one that stays say what all of them say:", record_lines(spf.domain, merged)]
    elif merged is None:
        lines.append("and merge what they say into the one that stays")
    return "\n".join(lines)
