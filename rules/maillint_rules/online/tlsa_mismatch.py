"""The TLSA records of a mail server do not match its certificate.

## What happens
Senders that know DANE (Postfix with the level `dane`, Microsoft, many in Germany and the Netherlands)
deliver only to a server whose certificate matches one of its TLSA records; otherwise the mail waits and
comes back after days. It happens when the key changes with the certificate and the record does not. Records
of usage 0 and 1 cannot be used for mail at all (RFC 7672 3.1.3): senders then encrypt without looking at
the certificate.

The certificate is that of `smtpd_tls_cert_file` and its like, where the file can be read.

## Bad
```main.cf tlsa-mismatch@3
myhostname = mail.example.com
myorigin = example.com
mydestination = example.com
smtpd_tls_security_level = may
smtpd_tls_cert_file = /etc/postfix/cert.pem
smtpd_tls_key_file = /etc/postfix/key.pem
```

```cert.pem
-----BEGIN CERTIFICATE-----
MIIBjDCCATOgAwIBAgIUO+P5IVloj9kKi1Zvu/eLyQzXD7YwCgYIKoZIzj0EAwIw
GzEZMBcGA1UEAwwQbWFpbC5leGFtcGxlLmNvbTAgFw0yNjExMjQwOTI2MzhaGA8y
MTI2MTAzMTA5MjYzOFowGzEZMBcGA1UEAwwQbWFpbC5leGFtcGxlLmNvbTBZMBMG
ByqGSM49AgEGCCqGSM49AwEHA0IABOPZdmXZavIPb+r0/eAKHJjP/18wHDbmgxnb
ARdr+Blhf+2y1fiJrr5jon/fiua/vCsteXQ0km9oeIZEhgREd3SjUzBRMB0GA1Ud
DgQWBBQyBo23CcBOIVserTrSH/vFSPiPdjAfBgNVHSMEGDAWgBQyBo23CcBOIVse
rTrSH/vFSPiPdjAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0cAMEQCIDYQ
2FYNYS+x4A5U66HmfnR8TrHmVT+jt7Ifh8COEyM5AiAJgogs6NxTDj6eIFQIIv1X
nKifTR9fmtPRmvfX1LBWeA==
-----END CERTIFICATE-----
```

```dns.zone
example.com.                60 DNSKEY 257 3 15 KLk5dwfENRdKn3zE5RWBjjh4Z2P7K8irgfV7p8Bnp8I=
example.com.                60 TXT  "v=spf1 mx -all"
_smtp._tls.example.com.     60 TXT  "v=TLSRPTv1; rua=mailto:tls-reports@example.com"
_25._tcp.mail.example.com.  60 TLSA 3 1 1 0000000000000000000000000000000000000000000000000000000000000000
```

### A usage that is not for mail
```main.cf tlsa-mismatch@3
myhostname = mail.example.com
myorigin = example.com
mydestination = example.com
```

```dns.zone
example.com.                60 DNSKEY 257 3 15 KLk5dwfENRdKn3zE5RWBjjh4Z2P7K8irgfV7p8Bnp8I=
example.com.                60 TXT  "v=spf1 mx -all"
_smtp._tls.example.com.     60 TXT  "v=TLSRPTv1; rua=mailto:tls-reports@example.com"
_25._tcp.mail.example.com.  60 TLSA 1 1 1 bdeb17f0e48d1bd27a11b061357a103fcab12dda383e29aa3974347c59342486
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = example.com
mydestination = example.com
smtpd_tls_security_level = may
smtpd_tls_cert_file = /etc/postfix/cert.pem
smtpd_tls_key_file = /etc/postfix/key.pem
```

```cert.pem
-----BEGIN CERTIFICATE-----
MIIBjDCCATOgAwIBAgIUO+P5IVloj9kKi1Zvu/eLyQzXD7YwCgYIKoZIzj0EAwIw
GzEZMBcGA1UEAwwQbWFpbC5leGFtcGxlLmNvbTAgFw0yNjExMjQwOTI2MzhaGA8y
MTI2MTAzMTA5MjYzOFowGzEZMBcGA1UEAwwQbWFpbC5leGFtcGxlLmNvbTBZMBMG
ByqGSM49AgEGCCqGSM49AwEHA0IABOPZdmXZavIPb+r0/eAKHJjP/18wHDbmgxnb
ARdr+Blhf+2y1fiJrr5jon/fiua/vCsteXQ0km9oeIZEhgREd3SjUzBRMB0GA1Ud
DgQWBBQyBo23CcBOIVserTrSH/vFSPiPdjAfBgNVHSMEGDAWgBQyBo23CcBOIVse
rTrSH/vFSPiPdjAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0cAMEQCIDYQ
2FYNYS+x4A5U66HmfnR8TrHmVT+jt7Ifh8COEyM5AiAJgogs6NxTDj6eIFQIIv1X
nKifTR9fmtPRmvfX1LBWeA==
-----END CERTIFICATE-----
```

```dns.zone
example.com.                60 DNSKEY 257 3 15 KLk5dwfENRdKn3zE5RWBjjh4Z2P7K8irgfV7p8Bnp8I=
example.com.                60 TXT  "v=spf1 mx -all"
_smtp._tls.example.com.     60 TXT  "v=TLSRPTv1; rua=mailto:tls-reports@example.com"
_25._tcp.mail.example.com.  60 TLSA 3 1 1 0000000000000000000000000000000000000000000000000000000000000000
_25._tcp.mail.example.com.  60 TLSA 3 1 1 bdeb17f0e48d1bd27a11b061357a103fcab12dda383e29aa3974347c59342486
```

## When it is right
Another server under the same name shows another certificate, which matches.

## References
- RFC 7672, sections 2.2.3 and 3.1
- RFC 6698, section 2.1
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.dns.der import pem_blocks
from maillint.dns.tlsa import matches, recommended
from maillint.engine.finding import ERROR, HIGH, MEDIUM, WARNING, Finding, NotChecked
from maillint.engine.rule import rule
from maillint.postfix.listening import is_mail_exchange, listeners
from maillint.postfix.server_certificates import readable_certificates

from ._asking import asked, zone_line
from ._dane import Secured, secured_servers
from ._exchanges import HOSTING

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

    Chain = list[bytes]


@rule(severity=ERROR, area="online", parameters=HOSTING, when_set=True, online=True, complete=True)
def tlsa_mismatch(config: Configuration) -> Iterator[Finding | NotChecked]:
    for found in secured_servers(config):
        if isinstance(found, NotChecked):
            yield found
        elif found.verified is not False:  # Else senders ignore the records: the rule tlsa-dns-unsigned.
            yield from _judged(config, found)


def _judged(config: Configuration, found: Secured) -> Iterator[Finding]:
    told = f"the mail server `{found.host}` of {found.listed.domain}"
    written = ", ".join(f"`{record}`" for record in dict.fromkeys(map(str, found.records)))
    confidence = HIGH if found.verified else MEDIUM
    chains = _chains(config)
    if not any(record.is_usable for record in found.records):
        yield Finding(
            found.location,
            f"{told} has only TLSA records that cannot be used for mail ({written}; {asked(found.answer)}),"
            " so"
            " senders do not look at its certificate",
            mend=_mend(found, chains),
            severity=WARNING,
            confidence=confidence,
            parameter=found.listed.parameter,
        )
    elif chains and not any(matches(record, chain) for record in found.records for chain in chains):
        yield Finding(
            found.location,
            f"{told} has TLSA records ({written}; {asked(found.answer)}), none of which matches its"
            " certificate"
            " here, so senders that know DANE do not deliver to it",
            mend=_mend(found, chains),
            confidence=confidence,
            parameter=found.listed.parameter,
        )


def _chains(config: Configuration) -> list[Chain]:
    """The certificates that the server shows to other servers, each with its chain; empty: not known."""
    view = next((one.view for one in listeners(config) if is_mail_exchange(one.view)), config.main_view)
    chains = []
    for text in readable_certificates(view) or ():
        try:
            chain = [data for label, data in pem_blocks(text) if label == "CERTIFICATE"]
            recommended(chain[0])
        except (ValueError, IndexError):
            return []  # A file that is broken is the business of other rules.
        chains.append(chain)
    return chains


def _mend(found: Secured, chains: list[Chain]) -> str:
    data = [recommended(chain[0]) for chain in chains] or ["3 1 1 DIGEST"]
    lines = [zone_line(found.answer.question.name, "TLSA", one) for one in data]
    return "\n".join(("publish, and keep beside it what a next key needs:", *lines))
