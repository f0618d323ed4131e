"""The domain that mail is from has no DMARC record.

## What happens
A receiver asks for the DMARC record of the domain in `From`, and then of the domains above it. Without one,
anybody may send mail in the name of the domain, and the owner hears nothing of it. Gmail, Yahoo and Microsoft
take mail of those who send much only with a DMARC record, be it `p=none`; others trust it less.

A record of a domain above, such as `_dmarc.example.com` for mail from `web01.example.com`, counts as well.

## Bad
```main.cf dmarc-missing@2
myhostname = web01.example.com
myorigin = example.com
```

```dns.zone
; _dmarc.example.com does not exist
example.com. 60 TXT "v=spf1 ip4:192.0.2.1 -all"
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

### The record of the domain above counts
```main.cf
myhostname = web01.example.com
myorigin = $myhostname
```

```dns.zone
web01.example.com.  60 TXT "v=spf1 ip4:192.0.2.1 -all"
web01.example.com.  60 A   192.0.2.1
_dmarc.example.com. 60 TXT "v=DMARC1; p=quarantine; rua=mailto:dmarc@example.com"
```

## When it is right
The mail never leaves the organisation.

## References
- RFC 9989, sections 4.7 and 4.10
- Gmail, "Email sender guidelines"
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.dns.dmarc import PREFIX, is_dmarc
from maillint.engine.finding import WARNING, Finding, NotChecked
from maillint.engine.rule import rule

from ._asking import all_asked, lookup, zone_line
from ._dmarc_policy import PARAMETERS, Published, published

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=WARNING, area="online", parameters=PARAMETERS, online=True, complete=True)
def dmarc_missing(config: Configuration) -> Iterator[Finding | NotChecked]:
    for found in published(config):
        if isinstance(found, NotChecked):
            yield found
        elif not any(place.records or place.near_misses for place in found.discovery.places):
            yield _finding(config, found)


def _finding(config: Configuration, found: Published) -> Finding:
    sender = found.sender
    answers = [place.answer for place in found.discovery.places]
    text = f"v=DMARC1; p=none; rua=mailto:dmarc@{sender.domain}"
    mend = (
        "publish one TXT record, and raise it to `p=quarantine` once the reports show that all your mail"
        " passes:\n" + zone_line(f"{PREFIX}.{sender.domain}", "TXT", f'"{text}"')
    )
    astray = next(filter(is_dmarc, lookup(config).ask(sender.domain, "TXT").texts), None)
    if astray is not None:
        lack = f"the one at `{sender.domain}` itself does not count: it belongs to `{PREFIX}.{sender.domain}`"
        mend = "move it there:\n" + zone_line(f"{PREFIX}.{sender.domain}", "TXT", f'"{astray}"')
    else:
        lack = "neither it nor a domain above it has a DMARC record"
    return Finding(
        sender.location,
        f"{sender.mail}, and {lack} ({all_asked(answers)}): nobody keeps others from using the domain, and"
        " Gmail, Yahoo and Microsoft refuse much mail without one",
        mend=mend,
        parameter=sender.sender.parameter,
        related=sender.related,
    )
