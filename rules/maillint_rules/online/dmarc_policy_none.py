"""The DMARC record asks receivers to do nothing.

## What happens
`p=none` asks receivers to deliver mail that fails as if there were no record; the reports are all that comes
of it. That is the right beginning, and no protection: anybody can still send in the name of the domain. The
same holds for `p=none` in `sp=`, which is for the domains below.

## Bad
```main.cf dmarc-policy-none@2
myhostname = web01.example.com
myorigin = example.com
```

```dns.zone
example.com.        60 TXT "v=spf1 ip4:192.0.2.1 -all"
_dmarc.example.com. 60 TXT "v=DMARC1; p=none; rua=mailto:dmarc@example.com"
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
While the reports are watched for mail of your own that fails, or where users send through mailing lists that
break signatures.

## References
- RFC 9989, sections 4.7 and 7.4
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.dns.dmarc import POLICIES
from maillint.engine.finding import INFO, Finding, NotChecked
from maillint.engine.rule import rule

from ._asking import asked, txt_line
from ._dmarc_policy import PARAMETERS, governing_records

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=INFO, area="online", parameters=PARAMETERS, online=True, complete=True)
def dmarc_policy_none(config: Configuration) -> Iterator[Finding | NotChecked]:
    for found in governing_records(config):
        if isinstance(found, NotChecked):
            yield found
            continue
        record, sender = found.record, found.sender
        tag = "sp" if found.place.domain != sender.domain and record.tag("sp") is not None else "p"
        policy = record.tag(tag)
        if policy is not None and record.value(tag) == POLICIES[0]:
            stricter = f"{record.text[: policy.value_start]}{POLICIES[1]}{record.text[policy.end :]}"
            reports = "" if record.report_domains("rua") else ", and without `rua=` nobody even gets reports"
            yield Finding(
                sender.location,
                f"{sender.mail}, and {found.where} has `{tag}=none` ({asked(found.place.answer)}): receivers"
                f" deliver forged mail of the domain{reports}",
                mend="once the reports show that all your mail passes, publish instead:\n"
                + txt_line(f"_dmarc.{found.place.domain}", stricter),
                parameter=sender.sender.parameter,
                related=sender.related,
            )
