"""The SPF record is too long for one packet.

## What happens
A reply over UDP that passes everywhere has 512 octets, so RFC 7208 (3.4) wants the name and the text of the
record to have at most 450. Together with the other TXT records of the same name, a reply of more than 1232
octets has to be asked for a second time, over TCP, which some receivers and firewalls do not get through:
for them, SPF fails with a temporary error.

## Bad
```main.cf spf-record-too-long@2 public-ip=192.0.2.1
myhostname = web01.example.com
myorigin = example.com
```

```dns.zone
example.com. 60 TXT ( "v=spf1 ip4:192.0.2.1 ip4:192.0.2.2 ip4:192.0.2.3 ip4:192.0.2.4 ip4:192.0.2.5 "
    "ip4:192.0.2.6 ip4:192.0.2.7 ip4:192.0.2.8 ip4:192.0.2.9 ip4:192.0.2.10 "
    "ip4:192.0.2.11 ip4:192.0.2.12 ip4:192.0.2.13 ip4:192.0.2.14 ip4:192.0.2.15 "
    "ip4:192.0.2.16 ip4:192.0.2.17 ip4:192.0.2.18 ip4:192.0.2.19 ip4:192.0.2.20 "
    "ip4:192.0.2.21 ip4:192.0.2.22 ip4:192.0.2.23 ip4:192.0.2.24 ip4:192.0.2.25 "
    "ip4:192.0.2.26 ip4:192.0.2.27 ip4:192.0.2.28 ip4:192.0.2.29 ip4:192.0.2.30 "
    "-all" )
```

## Good
```main.cf public-ip=192.0.2.1
myhostname = web01.example.com
myorigin = example.com
```

```dns.zone
example.com. 60 TXT "v=spf1 ip4:192.0.2.0/27 -all"
```

## When it is right
Where every name server and receiver is known to do EDNS, a record of some 600 octets does no harm.

## References
- RFC 7208, section 3.4; RFC 6891
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.dns.spf_strings import REPLY_LIMIT, TEXT_LIMIT, reply_size, text_size
from maillint.engine.finding import WARNING, Finding, NotChecked
from maillint.engine.rule import rule

from ._sender_spf import PARAMETERS, SenderSpf, judged_trees

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=WARNING, area="online", parameters=PARAMETERS, online=True, complete=True)
def spf_record_too_long(config: Configuration) -> Iterator[Finding | NotChecked]:
    return judged_trees(config, _judge)


def _judge(spf: SenderSpf) -> Iterator[Finding]:
    text, reply = text_size(spf.domain, spf.text), reply_size(spf.answer)
    if text > TEXT_LIMIT:
        yield spf.finding(
            f"{spf.mail}, and its SPF record has {text} octets with its name, where {TEXT_LIMIT} fit into"
            " every"
            f" packet ({spf.asked})",
            mend="write networks for single addresses, or move part of the record to a name of its own and"
            f" `include:` that, such as `include:_spf.{spf.domain}`",
        )
    elif reply > REPLY_LIMIT:
        yield spf.finding(
            f"{spf.mail}, and its {len(spf.answer.records)} TXT records, among them the SPF record, make a"
            " reply"
            f" of {reply} octets, where {REPLY_LIMIT} fit into a packet ({spf.asked})",
            mend=f"delete the TXT records of {spf.domain} that nobody asks for any more, such as those that"
            " once proved to a service who owns the domain",
        )
