"""Mail is signed with a DKIM key that is not published, or with another one than is.

## What happens
The signature names a selector, and receivers look for the public key at `SELECTOR._domainkey.DOMAIN`. When
there is none, or the signature was made with another key, it fails: DKIM counts for nothing, and with a DMARC
policy that leaves the mail to SPF alone. Gmail then says `dkim=temperror (no key for signature)` or
`dkim=neutral (body hash ...)`, and refuses the mail of those who send much.

The selectors come from the files of OpenDKIM (`opendkim.conf`, `KeyTable`, `SigningTable`) and of rspamd
(`dkim_signing.conf`) next to the directory of main.cf. A private key that can be read is compared with the
published one; it is never shown.

## Bad
```main.cf dkim-selector-missing-dns@3
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
example.com.                    60 TXT "v=spf1 ip4:192.0.2.1 -all"
default._domainkey.example.com. 60 TXT "v=DKIM1; k=ed25519; p=KLk5dwfENRdKn3zE5RWBjjh4Z2P7K8irgfV7p8Bnp8I="
```

### The key is revoked
```main.cf dkim-selector-missing-dns@3
myhostname = web01.example.com
myorigin = example.com
non_smtpd_milters = inet:localhost:11332
```

```../rspamd/local.d/dkim_signing.conf
domain {
  example.com { selector = "mail"; path = "/var/lib/rspamd/dkim/mail.key"; }
}
```

```dns.zone
example.com.                 60 TXT "v=spf1 ip4:192.0.2.1 -all"
mail._domainkey.example.com. 60 TXT "v=DKIM1; p="
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
mail._domainkey.example.com. 60 TXT "v=DKIM1; k=ed25519; p=KLk5dwfENRdKn3zE5RWBjjh4Z2P7K8irgfV7p8Bnp8I="
```

## When it is right
The key is prepared for later, and nothing is signed with it yet.

## References
- RFC 6376, sections 3.6.1 and 3.6.2
- opendkim.conf(5)
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.dns.dkim import key_name
from maillint.engine.finding import ERROR, HIGH, MEDIUM, Finding, NotChecked
from maillint.engine.rule import rule

from ._asking import txt_line
from ._dkim_keys import PARAMETERS, PublishedKey, published_keys

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="online", parameters=PARAMETERS, when_set=True, online=True, complete=True)
def dkim_selector_missing_dns(config: Configuration) -> Iterator[Finding | NotChecked]:
    for found in published_keys(config):
        if isinstance(found, NotChecked):
            yield found
        elif lack := _lack(found):
            yield Finding(
                found.location,
                f"{found.mail}, but {lack} ({found.asked}), so that its signatures fail",
                mend=_mend(found),
                # With a selector for all domains, the signer may have no key for this one.
                confidence=HIGH if found.key.domain is not None else MEDIUM,
                related=found.related,
            )


def _lack(found: PublishedKey) -> str:
    """Why signatures fail; empty: as far as can be told, they do not."""
    if not found.records:
        return "no key is published for it"
    if len(found.records) > 1:
        return f"{len(found.records)} keys are published for it, and receivers may take any"
    record = found.records[0]
    if record.revoked:
        return "the published key is revoked (`p=` is empty)"
    if record.problem is not None:
        return f"its record is wrong at column {record.problem.start + 1}: {record.problem.message}"
    if found.private is not None and found.private != record.key:
        return "another key is published than the private key here"
    return ""


def _mend(found: PublishedKey) -> str:
    name = key_name(found.key.selector, found.domain)
    if found.private is None:
        file = f" that belongs to the private key `{found.key.path}`" if found.key.path else ""
        return f"publish, as the only TXT record of {name}, the public key{file}: `v=DKIM1; k=rsa; p=...`"
    text = f"v=DKIM1; k=rsa; p={b64encode(found.private.info).decode()}"
    return "publish the key, as the only TXT record of this name:\n" + txt_line(name, text)
