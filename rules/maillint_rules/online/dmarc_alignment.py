"""Mail carries another domain in its envelope than in `From`, so that SPF does not count for DMARC.

## What happens
DMARC asks that the domain which passes SPF (the envelope sender) or DKIM be that in `From`: one of the same
organisation with `aspf=r`, which is the default, and exactly the same with `aspf=s`. Postfix may rewrite
one of the two only, as with `masquerade_classes = header_sender`: then SPF passes for the host's name, and
DMARC fails for the domain in `From`. A DKIM signature of the right domain helps all the same.

## Bad
```main.cf dmarc-alignment@3
myhostname = web01.example.com
myorigin = $myhostname
masquerade_domains = example.com
masquerade_classes = header_sender
```

```dns.zone
web01.example.com.  60 A   192.0.2.1
web01.example.com.  60 TXT "v=spf1 a -all"
example.com.        60 TXT "v=spf1 a:web01.example.com -all"
example.com.        60 MX  10 mx.mailboxes.example.
_dmarc.example.com. 60 TXT "v=DMARC1; p=reject; aspf=s"
```

## Good
```main.cf
myhostname = web01.example.com
myorigin = $myhostname
masquerade_domains = example.com
```

```dns.zone
web01.example.com.  60 A   192.0.2.1
web01.example.com.  60 TXT "v=spf1 a -all"
example.com.        60 TXT "v=spf1 a:web01.example.com -all"
example.com.        60 MX  10 mx.mailboxes.example.
_dmarc.example.com. 60 TXT "v=DMARC1; p=reject; aspf=s"
```

## When it is right
All such mail has a DKIM signature of the domain in `From`.

## References
- RFC 9989, section 4.4
- postconf(5) masquerade_classes
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.dns.dmarc import PREFIX, discover, is_aligned
from maillint.engine.finding import INFO, WARNING, Finding, NotChecked
from maillint.engine.rule import rule
from maillint.postfix.sender import NOWHERE, identities

from ._asking import asked, lookup, not_answered, why_nobodys
from ._senders import places

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(
    severity=WARNING,
    area="online",
    parameters=("masquerade_classes", "myorigin"),
    online=True,
    complete=True,
)
def dmarc_alignment(config: Configuration) -> Iterator[Finding | NotChecked]:
    dns = lookup(config)
    for identity in identities(config):
        envelope, header = identity.envelope.domain, identity.header.domain
        if envelope is None or header is None or envelope == header or identity.route.kind == NOWHERE:
            continue
        if why_nobodys(dns, header) is not None:
            continue
        location, related = places(config, identity.header)
        walk = discover(dns, header)
        if walk.unanswered is not None:
            yield not_answered(walk.unanswered, location)
            continue
        place = walk.governing
        record = place.record if place is not None else None
        if place is None or record is None:
            continue  # Without a record nothing needs to be aligned; that is the rule dmarc-missing.
        is_strict = record.value("aspf", "r") == "s"
        if is_aligned(dns, envelope, header, strict=is_strict) is not False:
            continue
        mode = "`aspf=s` asks for the same domain" if is_strict else "they are not of one organisation"
        helped = f" unless `{identity.signers[0].parameter}` signs for {header}" if identity.signers else ""
        yield Finding(
            location,
            f"mail leaves with user@{header} in `From` ({', '.join(identity.header.steps)}), but with"
            f" user@{envelope} in its envelope ({', '.join(identity.envelope.steps)}): {mode}"
            f" (`{PREFIX}.{place.domain}`, {asked(place.answer)}), so SPF does not count, and DMARC"
            f" fails{helped}",
            mend="let both have the same domain: rewrite the envelope sender as well, or take `aspf=s` out of"
            " the DMARC record",
            severity=INFO if identity.signers else WARNING,
            parameter=identity.header.parameter,
            related=related,
        )
