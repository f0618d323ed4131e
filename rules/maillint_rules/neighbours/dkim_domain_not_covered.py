"""OpenDKIM signs nothing of a domain that this host sends mail of.

## What happens
OpenDKIM looks at the domain in `From`, and signs when its `Domain`, or its `SigningTable`, has it. Mail of
other domains leaves without a signature, and nothing in the log says so. Gmail and Yahoo want one, and DMARC
then hangs on SPF alone, which no forwarded message passes.

## Bad
```main.cf
compatibility_level = 3.6
myhostname = www.example.com
myorigin = $mydomain
smtpd_milters = unix:opendkim/opendkim.sock
non_smtpd_milters = $smtpd_milters
```
```../opendkim.conf dkim-domain-not-covered@1
Domain    example.org
Selector  mail
KeyFile   /etc/dkimkeys/mail.private
Socket    local:/var/spool/postfix/opendkim/opendkim.sock
```

### By tables
```main.cf
compatibility_level = 3.6
myhostname = web01.example.com
myorigin = $myhostname
smtpd_milters = unix:opendkim/opendkim.sock
non_smtpd_milters = $smtpd_milters
```
```../opendkim.conf dkim-domain-not-covered@2
KeyTable      /etc/opendkim/key.table
SigningTable  refile:/etc/opendkim/signing.table
Socket        local:/var/spool/postfix/opendkim/opendkim.sock
```
```../opendkim/key.table
mail example.com:mail:/etc/opendkim/keys/mail.private
```
```../opendkim/signing.table
*@example.com mail
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = www.example.com
myorigin = $mydomain
smtpd_milters = unix:opendkim/opendkim.sock
non_smtpd_milters = $smtpd_milters
```
```../opendkim.conf
KeyTable      /etc/opendkim/key.table
SigningTable  refile:/etc/opendkim/signing.table
Socket        local:/var/spool/postfix/opendkim/opendkim.sock
```
```../opendkim/key.table
mail example.com:mail:/etc/opendkim/keys/mail.private
```
```../opendkim/signing.table
*@example.com mail
```

## When it is right
Where all programs write a `From` of their own with another domain, or a relay signs.

## References
- opendkim.conf(5) Domain, SigningTable; RFC 6376; RFC 7489, 3.1.1
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import MEDIUM, WARNING, Finding
from maillint.engine.rule import rule
from maillint.postfix.milters import OTHERS, SMTPD

from .._chain import set_here
from ._around import AROUND, OPENDKIM, confidence
from ._milters import asks
from ._signing_table import is_plain_with_patterns

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_SOMEBODY = "user"
"""A local part for which no table has a line of its own."""


@rule(
    severity=WARNING,
    area="neighbours",
    parameters=(SMTPD, OTHERS),
    when_set=True,
    complete=True,
    noted=(AROUND, OPENDKIM),
)
def dkim_domain_not_covered(config: Configuration) -> Iterator[Finding]:
    opendkim = config.neighbours.opendkim
    if opendkim is None or not opendkim.signs:
        return
    place = opendkim.entry("signingtable" if opendkim.uses_tables else "domain")
    if place is None or is_plain_with_patterns(opendkim):
        return
    from maillint.postfix.sender import DIRECT, PROGRAMS, identities

    asked = {one.parameter for one in asks(config, OPENDKIM)}
    for identity in identities(config):
        domain, own = identity.header.domain, identity.kind == PROGRAMS
        if domain is None or identity.route.kind != DIRECT or (OTHERS if own else SMTPD) not in asked:
            continue
        if opendkim.covers(_SOMEBODY, domain) is not False:
            continue
        whose = "mail of programs on this host" if own else "mail of the users"
        yield Finding(
            place.value.location(),
            f"OpenDKIM has nothing for `{domain}`, so {whose} leaves without a signature",
            mend=f"add a key for `{domain}`, or a line for it to the table",
            confidence=confidence(config) if own else MEDIUM,
            parameter=identity.header.parameter,
            related=set_here(identity.header.settings),
        )
