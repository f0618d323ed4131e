"""An MX record leads to an alias, an address or a name without address.

## What happens
An MX record names a host that has addresses of its own. Behind a CNAME (RFC 2181 10.3) some senders deliver
and some do not, and a server that is known under two names can take mail for its own domain as a loop. An
address in place of a name, as in `10 192.0.2.1`, is looked up as a name that does not exist, and a name
without address is no better: mail for the domain does not arrive.

## Bad
```main.cf mx-is-cname@2
myhostname = web01.example.com
myorigin = example.com
mydestination = example.com
```

```dns.zone
example.com.      60 MX    10 mail.example.com.
mail.example.com. 60 CNAME web01.example.com.
example.com.      60 TXT   "v=spf1 ip4:192.0.2.1 -all"
```

## Good
```main.cf
myhostname = web01.example.com
myorigin = example.com
mydestination = example.com
```

```dns.zone
example.com. 60 MX  10 web01.example.com.
example.com. 60 TXT "v=spf1 ip4:192.0.2.1 -all"
```

## When it is right
Never: the record can name the canonical host.

## References
- RFC 2181, section 10.3
- RFC 5321, section 5.1
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.dns.mx import Exchange, exchange, host_addresses, unanswered
from maillint.engine.finding import ERROR, WARNING, Finding, NotChecked
from maillint.engine.rule import rule
from maillint.postfix.host_port import address_family

from ._asking import all_asked, asked, lookup, not_answered
from ._exchanges import ask_exchanges, hosted_domains, place
from ._senders import sender_domains

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.syntax.source import Location


@rule(severity=WARNING, area="online", parameters=("myorigin", "mydestination"), online=True, complete=True)
def mx_is_cname(config: Configuration) -> Iterator[Finding | NotChecked]:
    dns = lookup(config)
    domains: dict[str, Location] = {}
    for sender in sender_domains(config):
        if isinstance(sender, NotChecked):
            yield sender
        else:
            domains.setdefault(sender.domain, sender.location)
    for hosted in hosted_domains(config):
        domains.setdefault(hosted.domain, place(config, hosted))
    ask_exchanges(config, domains)
    for domain, location in domains.items():
        found = exchange(dns, domain)
        if not found.answer.certain:
            yield not_answered(found.answer, location)
        for host in found.hosts:
            yield from _judged(config, found, host, location)


def _judged(
    config: Configuration, found: Exchange, host: str, location: Location
) -> Iterator[Finding | NotChecked]:
    record = f"the MX record of {found.domain} ({asked(found.answer)})"
    if address_family(host) is not None:
        yield Finding(
            location,
            f"{record} leads to the address {host}, where the name of a host must stand, so that senders look"
            " for a host that does not exist",
            mend=f"name the host: `{found.domain}. MX 10 HOST.`, and give HOST the address {host}",
            severity=ERROR if len(found.hosts) == 1 else WARNING,
        )
        return
    addresses, answers = host_addresses(lookup(config), host)
    alias = next((answer.chain for answer in answers if answer.chain), ())
    if (silent := unanswered(answers)) is not None:
        yield not_answered(silent, location)
    elif not addresses:
        yield Finding(
            location,
            f"{record} leads to `{host}`, which has no address ({all_asked(answers)}), so mail for the domain"
            " cannot be delivered there",
            mend=f"give `{host}` an address, or name another host in the MX record",
            severity=ERROR if len(found.hosts) == 1 else WARNING,
        )
    elif alias:
        yield Finding(
            location,
            f"{record} leads to `{host}`, which is an alias of `{alias[-1]}`; an MX record must name a host"
            " itself, and some senders do not deliver behind an alias",
            mend=f"write `{found.domain}. MX 10 {alias[-1]}.`, or give `{host}` addresses in place of the"
            " CNAME",
        )
