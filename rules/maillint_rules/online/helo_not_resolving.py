"""The host greets receivers by a name that the DNS does not know.

## What happens
Postfix says `EHLO $smtp_helo_name` to each receiver, which is `$myhostname` unless it is set. The name must
have an address (RFC 5321 2.3.5, 4.1.4). Many receivers ask for it and refuse the mail when it has none:
`450 4.7.1 Helo command rejected: Host not found` is what Postfix itself answers with
`reject_unknown_helo_hostname`; Yahoo and Microsoft want it as well.

When the name has other addresses than the one that mail leaves from, this is advice only: receivers may
compare them, but must not refuse the mail for it (RFC 5321 4.1.4).

## Bad
```main.cf helo-not-resolving@1
myhostname = web01.example.com
inet_interfaces = loopback-only
myorigin = example.com
```

```dns.zone
; web01.example.com has no address
example.com.       60 TXT "v=spf1 ip4:192.0.2.1 -all"
web01.example.com. 60 TXT "v=spf1 ip4:192.0.2.1 -all"
```

## Good
```main.cf
myhostname = web01.example.com
inet_interfaces = loopback-only
myorigin = example.com
```

```dns.zone
example.com.       60 TXT "v=spf1 ip4:192.0.2.1 -all"
web01.example.com. 60 A   192.0.2.1
web01.example.com. 60 TXT "v=spf1 a -all"
```

## When it is right
The host delivers to nobody but a relay, which knows it; then nothing is asked.

## References
- RFC 5321, sections 2.3.5 and 4.1.4
- postconf(5) smtp_helo_name
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.dns.mx import host_addresses, unanswered
from maillint.engine.finding import ERROR, HIGH, INFO, MEDIUM, Finding, NotChecked
from maillint.engine.rule import rule
from maillint.postfix.sender import DIRECT

from ._addresses import sending_addresses
from ._asking import all_asked, lookup, not_answered, why_nobodys, zone_line
from ._sources import direct_identities, greeting_place

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.postfix.sender import Identity


@rule(
    severity=ERROR,
    area="online",
    parameters=("smtp_helo_name", "myhostname"),
    online=True,
    complete=True,
)
def helo_not_resolving(config: Configuration) -> Iterator[Finding | NotChecked]:
    greeted: dict[str, Identity] = {}
    for identity in direct_identities(config):
        name = identity.greeting.name
        if name is None:
            location, _ = greeting_place(config, identity.greeting)
            reason = f"the name in the greeting is not known: {identity.greeting.unknown}"
            yield NotChecked("", reason, location=location)
        elif "." in name and not name.startswith("["):
            greeted.setdefault(name, identity)
    for name, identity in greeted.items():
        yield from _judged(config, name, identity)


def _judged(config: Configuration, name: str, identity: Identity) -> Iterator[Finding | NotChecked]:
    dns = lookup(config)
    location, related = greeting_place(config, identity.greeting)
    if (reason := why_nobodys(dns, name)) is not None:
        yield NotChecked("", f"this host greets receivers as `{name}`: {reason}", location=location)
        return
    found, answers = host_addresses(dns, name)
    if (silent := unanswered(answers)) is not None:
        yield not_answered(silent, location)
        return
    told = f"this host greets receivers as `{name}` ({', '.join(identity.greeting.steps)})"
    sources, _ = sending_addresses(config, identity)
    sure = [source.address for source in sources if source.is_sure]
    if not found:
        yield Finding(
            location,
            f"{told}, a name without address ({all_asked(answers)}), and many receivers refuse such a"
            " greeting",
            mend="give the name the address that mail leaves from:\n"
            + _address_line(name, sure[0] if sure else "ADDRESS"),
            confidence=HIGH if identity.route.kind == DIRECT else MEDIUM,
            related=related,
        )
    elif sure and all(answer.certain for answer in answers) and set(sure).isdisjoint(found):
        yield Finding(
            location,
            f"{told}, which has the address {found[0]}, while mail leaves from {sure[0]}"
            f" ({sources[0].because}; {all_asked(answers)}); some receivers take that for a false name",
            mend="set `smtp_helo_name` to the name of that address, or give this name the address:\n"
            + _address_line(name, sure[0]),
            severity=INFO,
            related=related,
        )


def _address_line(name: str, address: str) -> str:
    return zone_line(name, "AAAA" if ":" in address else "A", address)
