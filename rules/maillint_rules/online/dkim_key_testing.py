"""The published DKIM key says that it is only being tested.

## What happens
`t=y` asks verifiers to treat mail with a signature by this key like mail without one (RFC 6376 3.6.1). It is
what tools that make keys put into the record to begin with. Many verifiers ignore it; those that do not leave
the mail without DKIM.

## Bad
```main.cf dkim-key-testing@3
myhostname = web01.example.com
myorigin = example.com
non_smtpd_milters = inet:localhost:8891
```

```../opendkim.conf
Domain   example.com
Selector mail
KeyFile  /etc/opendkim/mail.private
```

```dns.zone
example.com.                 60 TXT "v=spf1 ip4:192.0.2.1 -all"
mail._domainkey.example.com. 60 TXT "v=DKIM1; t=y; k=ed25519; p=KLk5dwfENRdKn3zE5RWBjjh4Z2P7K8irgfV7p8Bnp8I="
```

## Good
```main.cf
myhostname = web01.example.com
myorigin = example.com
non_smtpd_milters = inet:localhost:8891
```

```../opendkim.conf
Domain   example.com
Selector mail
KeyFile  /etc/opendkim/mail.private
```

```dns.zone
example.com.                 60 TXT "v=spf1 ip4:192.0.2.1 -all"
mail._domainkey.example.com. 60 TXT "v=DKIM1; t=s; k=ed25519; p=KLk5dwfENRdKn3zE5RWBjjh4Z2P7K8irgfV7p8Bnp8I="
```

## When it is right
During the first days with a new signer.

## References
- RFC 6376, section 3.6.1
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import INFO, Finding, NotChecked
from maillint.engine.rule import rule

from ._dkim_keys import PARAMETERS, published_keys

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=INFO, area="online", parameters=PARAMETERS, when_set=True, online=True, complete=True)
def dkim_key_testing(config: Configuration) -> Iterator[Finding | NotChecked]:
    for found in published_keys(config):
        if isinstance(found, NotChecked):
            yield found
        elif any(record.testing for record in found.records):
            yield Finding(
                found.location,
                f"{found.mail}, whose record has `t=y` ({found.asked}): verifiers may treat the mail as if it"
                " were not signed",
                mend=f"take `t=y` out of the TXT record of {found.answer.question.name}",
                related=found.related,
            )
