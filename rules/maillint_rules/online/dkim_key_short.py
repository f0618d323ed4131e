"""The published DKIM key is short.

## What happens
Verifiers take no RSA key of fewer than 1024 bits: such signatures fail (RFC 8301 3.2), which is an error.
Between that and 2048 bits the signature holds, but a key of 1024 bits can be broken by those with the means,
who then sign mail in the name of the domain. Keys of the kind ed25519 are short and strong.

## Bad
```main.cf dkim-key-short@3
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
mail._domainkey.example.com. 60 TXT ( "v=DKIM1; k=rsa; p="
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDUUBD/4VjYrQqKA6FfSecys50/QwBvsYR5/kvBUt87"
    "/yQ2CreBgaoNdvpe0gDDl1F7BpvETU04SM2Khvcaoeb6ZOyXH6nPWVYQQFD8HigXjJKEVLL8DLu/B1iO"
    "kuv5KERyLNqXJKBVbGa5s7C7xcdYLQIVyh+USp+FeKB7a8PyzwIDAQAB" )
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
mail._domainkey.example.com. 60 TXT ( "v=DKIM1; k=rsa; p="
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAn1PRk5HAVSd0bWTruXveI5CLUmzdv0urPqFm"
    "Q1FypTYPr7H7OK3aNqmjy6raiHG1V8IDpzZeVUNm2A4C8+gLXcUyS69vNrwyOyDKO3UYVeOVCsTGWPF2"
    "4WNTDe0L3z2x+Yu8JdvbYyUdgSCfIC7hzYn5bNw2uF0l6CrPO8YyUJhnAsr9updy+mJFHHY4rkpjaFmI"
    "8OGDE0i0BlYsMpc225c72F06doFgl6OqCQQ5yjYdkJeOYvXdKIKX7llSKhl2w3DJCCxGmKPrWdVgu2s4"
    "G4DgTaYQz3EzFypPhXo/wMTDxhkjpKYMnVFsZNcPlu32XXg1h8PqwcoQVrH7f4/EbQIDAQAB" )
```

## When it is right
A provider of the DNS that takes no TXT record of more than 255 octets leaves no room for a long RSA key; a
key of the kind ed25519 fits, and receivers that know only RSA need a second signature.

## References
- RFC 8301, section 3.2
- RFC 8463
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.dns.dkim import GOOD_BITS, LEAST_BITS
from maillint.engine.finding import ERROR, WARNING, Finding, NotChecked
from maillint.engine.rule import rule

from ._dkim_keys import PARAMETERS, published_keys

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=WARNING, area="online", parameters=PARAMETERS, when_set=True, online=True, complete=True)
def dkim_key_short(config: Configuration) -> Iterator[Finding | NotChecked]:
    for found in published_keys(config):
        if isinstance(found, NotChecked):
            yield found
            continue
        for record in found.records:
            key = record.key
            if key is None or key.kind != "rsa" or key.bits >= GOOD_BITS:
                continue
            refused = key.bits < LEAST_BITS
            yield Finding(
                found.location,
                f"{found.mail}, whose published key has {key.bits} bits ({found.asked}): "
                + ("receivers take no such key" if refused else "it can be broken by those with the means"),
                mend=f"make a key of {GOOD_BITS} bits, publish it under a new selector, and sign with that",
                severity=ERROR if refused else WARNING,
                related=found.related,
            )
