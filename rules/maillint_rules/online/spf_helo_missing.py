"""The name that the host greets with has no SPF record, which speaks for bounces.

## What happens
Bounces and other notices have an empty sender, so receivers check the name behind HELO instead (RFC 7208,
2.4). Without a record there the result is `none`: bounces are not told from forged ones, and some receivers
refuse them. With one that does not name the host, they fail.

## Bad
```main.cf spf-helo-missing@1 public-ip=192.0.2.1
myhostname = web01.example.com
myorigin = example.com
```

```dns.zone
example.com. 60 TXT "v=spf1 ip4:192.0.2.1 -all"
web01.example.com. 60 A 192.0.2.1
```

### The record does not name the host
```main.cf spf-helo-missing@1 public-ip=192.0.2.1
myhostname = web01.example.com
myorigin = example.com
```

```dns.zone
example.com. 60 TXT "v=spf1 ip4:192.0.2.1 -all"
web01.example.com. 60 A 192.0.2.1
web01.example.com. 60 TXT "v=spf1 -all"
```

## Good
```main.cf public-ip=192.0.2.1
myhostname = web01.example.com
myorigin = example.com
```

```dns.zone
example.com. 60 TXT "v=spf1 ip4:192.0.2.1 -all"
web01.example.com. 60 A 192.0.2.1
web01.example.com. 60 TXT "v=spf1 a -all"
```

## When it is right
It is advice: most receivers take bounces without.

## References
- RFC 7208, sections 2.3, 2.4 and 10.1.3
- postconf(5) smtp_helo_name
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.dns.answer import NXDOMAIN
from maillint.dns.spf import select
from maillint.dns.spf_check import TEMPERROR, check_host
from maillint.engine.finding import INFO, WARNING, Finding, NotChecked
from maillint.engine.places import absent_location
from maillint.engine.rule import rule
from maillint.postfix.route import DIRECT
from maillint.postfix.sender import Identity, identities

from .._chain import set_here
from ._addresses import sending_addresses
from ._asking import asked, lookup, not_answered, why_nobodys
from ._sender_spf import REFUSED, record_lines, term, with_addresses

if TYPE_CHECKING:
    from maillint.dns.answer import Answer, Lookup
    from maillint.postfix.configuration import Configuration
    from maillint.postfix.route import Source
    from maillint.syntax.source import Location


@rule(severity=INFO, area="online", parameters=("smtp_helo_name",), online=True, complete=True)
def spf_helo_missing(config: Configuration) -> Iterator[Finding | NotChecked]:
    dns = lookup(config)
    done = {identity.envelope.domain for identity in identities(config)}
    for identity in identities(config):
        name = identity.greeting.name
        if name in done or identity.route.kind != DIRECT or not _can_have_one(dns, name):
            continue
        done.add(name)
        assert name is not None
        settings = identity.greeting.settings
        location = settings[0].value.location() if settings else absent_location(config)
        answer = dns.ask(name, "TXT")
        if not answer.certain:
            yield not_answered(answer, location)
        elif answer.status != NXDOMAIN:
            yield from _judge(config, identity, answer, location)


def _can_have_one(dns: Lookup, name: str | None) -> bool:
    return name is not None and "." in name and not why_nobodys(dns, name)


def _judge(
    config: Configuration, identity: Identity, answer: Answer, location: Location
) -> Iterator[Finding | NotChecked]:
    name = answer.question.name
    sources, notes = sending_addresses(config, identity)
    records = select(answer.texts).records
    if not records:
        terms = " ".join(map(term, sources)) or "a"
        yield _finding(
            identity,
            location,
            f"has no SPF record ({asked(answer)}), so that no bounce of this host passes",
            "publish one TXT record:\n" + record_lines(name, f"v=spf1 {terms} -all"),
            INFO,
        )
        return
    yield from notes
    refused: list[Source] = []
    for source in sources:
        verdict = check_host(lookup(config), source.address, "", name)
        if verdict.result == TEMPERROR:
            yield NotChecked("", verdict.reason, str(answer.question), location)
        elif verdict.result in REFUSED and source.is_sure:
            refused.append(source)
    if refused and len(records) == 1:
        addresses = " and ".join(source.address for source in refused)
        yield _finding(
            identity,
            location,
            f"has an SPF record that does not name {addresses}, `{records[0]}` ({asked(answer)}), so that"
            " bounces"
            " of this host fail",
            "publish instead:\n" + record_lines(name, with_addresses(records[0], refused)),
            WARNING,
        )


def _finding(identity: Identity, location: Location, defect: str, mend: str, severity: str) -> Finding:
    greeting = identity.greeting
    return Finding(
        location,
        f"the host greets as {greeting.name} ({', '.join(greeting.steps)}), and that name {defect}: with an"
        " empty"
        " sender, receivers check this name",
        mend=mend,
        severity=severity,
        parameter="smtp_helo_name",
        related=set_here(greeting.settings[1:]),
    )
