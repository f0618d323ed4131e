"""PHP's mail leaves under a domain that is not this host's.

## What happens
`sendmail -f` is the envelope sender: SPF is about its domain, and bounces go there. The SPF record of a
domain of somebody else does not name this host, and a name that is none, such as `localhost`, has no record
at all. So what PHP sends fails SPF, and most of it ends in spam or is refused.

## Bad
```main.cf
compatibility_level = 3.6
myhostname = www.example.com
myorigin = $mydomain
```
```../php/8.2/fpm/php.ini php-sender-domain@2
[mail function]
sendmail_path = "/usr/sbin/sendmail -t -i -f webmaster@localhost"
```

### Somebody else's domain
```main.cf
compatibility_level = 3.6
myhostname = www.example.com
myorigin = $mydomain
```
```../php/8.2/fpm/pool.d/www.conf php-sender-domain@2
[www]
php_admin_value[sendmail_path] = /usr/sbin/sendmail -t -i -f shop@example.net
```

## Good
```main.cf
compatibility_level = 3.6
myhostname = www.example.com
myorigin = $mydomain
```
```../php/8.2/fpm/pool.d/www.conf
[www]
php_admin_value[sendmail_path] = /usr/sbin/sendmail -t -i -f shop@example.com
```

## When it is right
Where the other domain belongs to the same people, and its SPF record names this host.

## References
- PHP manual, mail(), sendmail_path, mail.force_extra_parameters; sendmail(1) -f; RFC 7208, 2.4
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import LOW, WARNING, Finding, Related
from maillint.engine.rule import rule

from .._domains import are_related, is_within, why_placeholder
from ._around import AROUND, PHP, confidence
from ._php import given

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=WARNING, area="neighbours", complete=True, noted=(AROUND, PHP))
def php_sender_domain(config: Configuration) -> Iterator[Finding]:
    senders = list(given(config))
    if not senders:
        return
    from maillint.postfix.sender import DIRECT, identities, program_sender, sender_mapping

    own = program_sender(config)
    if own is None or own.domain is None or sender_mapping(config) is not None:
        return
    known = identities(config)
    if not any(identity.route.kind == DIRECT for identity in known):
        return
    domains = {identity.envelope.domain for identity in known} - {None}
    for sender in senders:
        _, at, domain = sender.address.lower().rpartition("@")
        if not at or domain in domains:
            continue
        reason = why_placeholder(domain) or ("" if "." in domain else "no name of the DNS")
        related = any(
            name is not None
            and (is_within(domain, name) or is_within(name, domain) or are_related(domain, name))
            for name in domains
        )
        if related and not reason:
            continue
        what = reason or f"not the domain of this host, `{own.domain}`"
        yield Finding(
            sender.location,
            f"what PHP sends leaves as `{domain}`, {what}: SPF fails, or there is no record to pass"
            if reason
            else f"what PHP sends leaves as `{domain}`, {what}: SPF fails, unless its record names this host",
            mend=f"write a sender that gets its bounces, such as `-f bounces@{own.domain}`",
            confidence=confidence(config) if reason else LOW,
            parameter=own.parameter,
            related=tuple(
                Related(setting.value.location(), f"`{setting.name}` is set here")
                for setting in own.settings[:1]
            ),
        )
