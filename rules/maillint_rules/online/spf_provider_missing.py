"""Mail leaves through a provider whose servers the SPF record does not name.

## What happens
With a `relayhost`, receivers see the address of the provider's servers, and look that up in the SPF record of
the domain in the envelope. Whoever puts a provider in between and leaves the record as it was has authorised
the own host, which receivers no longer see, and not the provider: all mail gets `softfail` or `fail`.

What to include is in the provider's documentation; maillint knows it of the large ones. Some put a domain of
their own into the envelope, unless told otherwise. Then the record matters to few receivers, and only the
DKIM signature shows whose mail it is: the finding is advice.

## Bad
```main.cf spf-provider-missing@3
myhostname = web01.example.com
myorigin = $mydomain
relayhost = [smtp.gmail.com]:587
smtp_tls_security_level = encrypt
smtp_sasl_auth_enable = yes
smtp_sasl_password_maps = lmdb:/etc/postfix/sasl_passwd
smtp_sasl_tls_security_options = noanonymous
```

```dns.zone
example.com. 60 TXT "v=spf1 ip4:203.0.113.7 -all"
_spf.google.com. 60 TXT "v=spf1 include:_netblocks.google.com ~all"
_netblocks.google.com. 60 TXT "v=spf1 ip4:198.51.100.0/24 ~all"
```

### The provider may use its own domain
```main.cf spf-provider-missing@3
myhostname = web01.example.com
myorigin = $mydomain
relayhost = [smtp.sendgrid.net]:587
smtp_tls_security_level = encrypt
smtp_sasl_auth_enable = yes
smtp_sasl_password_maps = lmdb:/etc/postfix/sasl_passwd
smtp_sasl_tls_security_options = noanonymous
```

```dns.zone
example.com. 60 TXT "v=spf1 include:_spf.google.com -all"
_spf.google.com. 60 TXT "v=spf1 ip4:198.51.100.0/24 ~all"
sendgrid.net. 60 TXT "v=spf1 ip4:192.0.2.128/25 ~all"
```

## Good
```main.cf
myhostname = web01.example.com
myorigin = $mydomain
relayhost = [smtp.gmail.com]:587
smtp_tls_security_level = encrypt
smtp_sasl_auth_enable = yes
smtp_sasl_password_maps = lmdb:/etc/postfix/sasl_passwd
smtp_sasl_tls_security_options = noanonymous
```

```dns.zone
example.com. 60 TXT "v=spf1 include:_spf.google.com ~all"
_spf.google.com. 60 TXT "v=spf1 ip4:198.51.100.0/24 ~all"
```

### Its addresses are in the record of somebody who writes them out
```main.cf
myhostname = web01.example.com
myorigin = $mydomain
relayhost = [smtp.gmail.com]:587
smtp_tls_security_level = encrypt
smtp_sasl_auth_enable = yes
smtp_sasl_password_maps = lmdb:/etc/postfix/sasl_passwd
smtp_sasl_tls_security_options = noanonymous
```

```dns.zone
example.com. 60 TXT "v=spf1 redirect=flat.example.net"
flat.example.net. 60 TXT "v=spf1 ip4:198.51.100.0/24 -all"
_spf.google.com. 60 TXT "v=spf1 ip4:198.51.100.0/24 ~all"
```

## When it is right
The provider has been told to use another domain in the envelope, which has a record of its own.

## References
- RFC 7208, sections 5.2 and 11.2
- postconf(5) relayhost
- the documentation of the provider
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.dns.spf_check import PASS, TEMPERROR, check_host
from maillint.dns.spf_tree import walk
from maillint.engine.finding import HIGH, INFO, MEDIUM, WARNING, Finding, NotChecked, Related
from maillint.engine.rule import rule
from maillint.postfix.route import RELAY

from ._asking import lookup, not_answered
from ._sender_spf import SenderSpf, judged_trees, record_lines, relay_provider

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.postfix.sender import Identity
    from maillint.postfix.smarthost import Provider


@rule(severity=WARNING, area="online", parameters=("relayhost",), online=True, complete=True)
def spf_provider_missing(config: Configuration) -> Iterator[Finding | NotChecked]:
    return judged_trees(config, _judge)


def _judge(spf: SenderSpf) -> Iterator[Finding | NotChecked]:
    if any(spf.tree.unanswered()):
        return
    seen: set[str] = set()
    for identity in spf.identities:
        provider = relay_provider(identity)
        if provider is not None and provider.includes and provider.host not in seen:
            seen.add(provider.host)
            yield from _judge_provider(spf, identity, provider)


def _judge_provider(spf: SenderSpf, identity: Identity, provider: Provider) -> Iterator[Finding | NotChecked]:
    if any(node.domain in provider.includes for node in spf.tree.nodes()):
        return
    dns, name = lookup(spf.config), provider.includes[0]
    theirs = walk(dns, name)
    unanswered = next(theirs.unanswered(), None)
    if unanswered is not None:
        yield not_answered(unanswered, spf.location)
        return
    address = next(
        (
            str(term.network.network_address)
            for node in theirs.nodes()
            if node.record is not None
            for term in node.record.mechanisms
            if term.network is not None
        ),
        None,
    )
    if address is None:
        yield NotChecked("", f"the SPF record of {name} names no address", str(theirs.answer.question))
        return
    helo = identity.greeting.name or "unknown"
    verdict = check_host(dns, address, f"user@{spf.domain}", helo, domain=spf.domain)
    if verdict.result == TEMPERROR:
        yield NotChecked("", verdict.reason, f"{spf.domain} TXT", spf.location)
    elif verdict.result != PASS:
        yield _finding(spf, identity, provider, f"{verdict.result} for {address}, one of its addresses")


def _finding(spf: SenderSpf, identity: Identity, provider: Provider, verdict: str) -> Finding:
    name = provider.includes[0]
    setting = identity.route.setting
    version, *words = spf.text.split()
    message = (
        f"{spf.mail} through `{identity.route.nexthop}`, but the SPF record of {spf.domain} does not name the"
        f" servers of that provider: `{spf.text}` ({spf.asked}) gives {verdict}"
    )
    if provider.replaces_envelope:
        message += (
            "; unless told otherwise, the provider puts a domain of its own into the envelope, and only its"
            " DKIM signature shows that the mail is yours"
        )
    return Finding(
        setting.value.location() if setting is not None else spf.location,
        message,
        mend=f"publish instead:\n{record_lines(spf.domain, ' '.join((version, f'include:{name}', *words)))}",
        severity=INFO if provider.replaces_envelope else WARNING,
        confidence=HIGH if identity.route.kind == RELAY and not provider.replaces_envelope else MEDIUM,
        parameter=setting.name if setting is not None else spf.identity.envelope.parameter,
        related=(Related(spf.location, "the sender domain comes from here"), *spf.related),
    )
