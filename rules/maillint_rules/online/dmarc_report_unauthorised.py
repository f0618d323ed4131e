"""DMARC reports are to go to a domain that does not take them.

## What happens
Reports to a domain of somebody else are sent only if that domain says that it wants them, with a record
`example.com._report._dmarc.THEIRS`. Without it, receivers send nothing, and the owner of the record hears
nothing of forged mail, or of mail of his own that fails.

## Bad
```main.cf dmarc-report-unauthorised@2
myhostname = web01.example.com
myorigin = example.com
```

```dns.zone
example.com.        60 TXT "v=spf1 ip4:192.0.2.1 -all"
_dmarc.example.com. 60 TXT "v=DMARC1; p=quarantine; rua=mailto:example.com@reports.example.net"
reports.example.net. 60 A  198.51.100.80
```

## Good
```main.cf
myhostname = web01.example.com
myorigin = example.com
```

```dns.zone
example.com.        60 TXT "v=spf1 ip4:192.0.2.1 -all"
_dmarc.example.com. 60 TXT "v=DMARC1; p=quarantine; rua=mailto:example.com@reports.example.net"
example.com._report._dmarc.reports.example.net. 60 TXT "v=DMARC1"
```

## When it is right
Never: either the other domain takes the reports, or they should go elsewhere.

## References
- RFC 9990, section 4
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.dns.dmarc import unauthorised_reports
from maillint.engine.finding import WARNING, Finding, NotChecked
from maillint.engine.rule import rule

from ._asking import asked, lookup, not_answered, zone_line
from ._dmarc_policy import PARAMETERS, governing_records

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=WARNING, area="online", parameters=PARAMETERS, online=True, complete=True)
def dmarc_report_unauthorised(config: Configuration) -> Iterator[Finding | NotChecked]:
    for found in governing_records(config):
        if isinstance(found, NotChecked):
            yield found
            continue
        sender = found.sender
        refused, unanswered = unauthorised_reports(lookup(config), found.place)
        for answer in unanswered:
            yield not_answered(answer, sender.location)
        for answer in refused:
            name = answer.question.name
            target = name.partition("._report._dmarc.")[2]
            yield Finding(
                sender.location,
                f"{sender.mail}, and {found.where} sends reports to {target}, which does not say that it"
                " takes"
                f" them ({asked(answer)}), so receivers send none",
                mend=f"let the owner of {target} publish\n"
                + zone_line(name, "TXT", '"v=DMARC1"')
                + "\nor have the reports sent to an address of your own",
                parameter=sender.sender.parameter,
                related=sender.related,
            )
