"""TLSA records are published where DNSSEC does not vouch for them.

## What happens
Senders that know DANE take a TLSA record only when DNSSEC vouches for it, and for the MX record that leads to
it (RFC 7672 2.1, 2.2). In a zone that is not signed, or whose signature nobody above points to, the records
change nothing.

Whether answers are signed is known only from a resolver that verifies them; with another one it counts as
not checked.

## Bad
```main.cf tlsa-dns-unsigned@3
myhostname = mail.example.com
myorigin = example.com
mydestination = example.com
```

```dns.zone
example.com.                60 TXT  "v=spf1 mx -all"
_smtp._tls.example.com.     60 TXT  "v=TLSRPTv1; rua=mailto:tls-reports@example.com"
_25._tcp.mail.example.com.  60 TLSA 3 1 1 bdeb17f0e48d1bd27a11b061357a103fcab12dda383e29aa3974347c59342486
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = example.com
mydestination = example.com
```

```dns.zone
example.com.                60 DNSKEY 257 3 15 KLk5dwfENRdKn3zE5RWBjjh4Z2P7K8irgfV7p8Bnp8I=
example.com.                60 TXT  "v=spf1 mx -all"
_smtp._tls.example.com.     60 TXT  "v=TLSRPTv1; rua=mailto:tls-reports@example.com"
_25._tcp.mail.example.com.  60 TLSA 3 1 1 bdeb17f0e48d1bd27a11b061357a103fcab12dda383e29aa3974347c59342486
```

## When it is right
While DNSSEC is being set up.

## References
- RFC 7672, sections 2.1 and 2.2
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import WARNING, Finding, NotChecked
from maillint.engine.rule import rule

from ._asking import asked
from ._dane import secured_servers
from ._exchanges import HOSTING

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=WARNING, area="online", parameters=HOSTING, when_set=True, online=True, complete=True)
def tlsa_dns_unsigned(config: Configuration) -> Iterator[Finding | NotChecked]:
    for found in secured_servers(config):
        if isinstance(found, NotChecked):
            yield found
        elif found.verified is None:
            reason = (
                f"whether the TLSA records of `{found.host}` are signed is not known: {found.answer.server}"
                " does"
                " not verify signatures; name a resolver that does with --resolver"
            )
            yield NotChecked("", reason, str(found.answer.question), found.location)
        elif not found.verified:
            unsigned = found.answer if not found.answer.secure else found.mx
            yield Finding(
                found.location,
                f"the mail server `{found.host}` of {found.listed.domain} has TLSA records"
                f" ({asked(found.answer)}), but `{unsigned.question}` is not signed by DNSSEC, so senders"
                " ignore"
                " them",
                mend=f"sign the zone of `{unsigned.question.name}` and have its DS record published above"
                " it, or"
                " delete the TLSA records",
                parameter=found.listed.parameter,
            )
