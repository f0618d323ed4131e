"""The domain that mail from programs carries has no SPF record.

## What happens
Mail that programs on the host hand to sendmail(1) (PHP, cron, monitoring) leaves with the sender domain
`$myorigin`. The receiver looks for the SPF record of exactly this domain (SPF is not inherited: a record
of `example.com` says nothing about `web01.example.com`). Without one it cannot tell the mail from a
forgery. Gmail refuses mail that passes neither SPF nor DKIM with `550-5.7.26`, Yahoo with `550 5.7.9`,
Microsoft with `550 5.7.515`; others put it into the spam folder.

A TXT record that only looks like SPF counts for nothing: the text must begin with exactly `v=spf1` and
a blank (or end there).

When the mail goes through a relay, receivers judge the relay's address. Whether the record of the domain
matters then depends on the relay, which may put a domain of its own into the envelope sender; so this
is reported as advice only.

## Bad
```main.cf spf-missing@2
myhostname = web01.example.com
myorigin = example.com
```

```dns.zone
example.com. 60 TXT "google-site-verification=no-spf"
```

### The record must be at the name itself
```main.cf spf-missing@2
myhostname = web01.example.com
myorigin = $myhostname
```

```dns.zone
example.com. 60 TXT "v=spf1 ip4:192.0.2.1 -all"
web01.example.com. 60 A 192.0.2.1
```

## Good
```main.cf
myhostname = web01.example.com
myorigin = example.com
```

```dns.zone
example.com. 60 TXT "v=spf1 ip4:192.0.2.1 -all"
```

## When it is right
A host whose mail never leaves the organisation, or is signed with DKIM on every path, can do without; a
record does no harm there either.

## References
- RFC 7208, sections 2.4, 3 and 4.5
- Gmail, "Email sender guidelines"
- postconf(5) myorigin
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.dns.answer import ANSWER, NXDOMAIN
from maillint.engine.finding import ERROR, INFO, WARNING, Finding, NotChecked
from maillint.engine.rule import rule
from maillint.postfix.route import RELAY, UNKNOWN
from maillint.postfix.sender import HOSTED

from ._addresses import sending_addresses
from ._sender_spf import PARAMETERS, SenderSpf, judged, record_lines, term, unless_signed

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="online", parameters=PARAMETERS, online=True, complete=True)
def spf_missing(config: Configuration) -> Iterator[Finding | NotChecked]:
    return judged(config, _judge)


def _judge(spf: SenderSpf) -> Iterator[Finding]:
    if not spf.selection.records:
        yield _relayed(spf) if spf.route == RELAY else _direct(spf)


def _direct(spf: SenderSpf) -> Finding:
    route = spf.identity.route
    severity, unless = (WARNING if spf.identity.signers else ERROR), unless_signed(spf)
    if route.kind == UNKNOWN:
        severity = WARNING
        unless += f", or it goes another way ({route.reason})"
    if spf.identity.kind == HOSTED:
        severity = WARNING
    return spf.finding(
        f"{spf.mail}, but {_lack(spf)}, so receivers cannot tell it from a forgery:"
        f" Gmail refuses it with 550-5.7.26 unless {unless}",
        mend=_mend(spf),
        severity=severity,
        confidence=spf.confidence,
    )


def _relayed(spf: SenderSpf) -> Finding:
    mend = (
        "ask the relay's operator for the `include:` that names its servers, and publish one TXT record"
        f" at {spf.domain}: `v=spf1 include:NAME ~all`; nothing is missing if the relay puts a domain of"
        " its own into the envelope sender"
    )
    return spf.finding(
        f"{spf.mail} through the relay `{spf.identity.route.nexthop}`, but {_lack(spf)}; if the relay keeps"
        " this sender domain, receivers cannot tell the mail from a forgery",
        mend=_other_domain(spf) if spf.under_nothing else mend,
        severity=INFO,
    )


def _lack(spf: SenderSpf) -> str:
    if spf.answer.status == NXDOMAIN:
        return f"that domain does not exist ({spf.asked})"
    if spf.selection.near_misses:
        text, reason = spf.selection.near_misses[0]
        return f"receivers do not take its TXT record `{text}` for SPF: {reason} ({spf.asked})"
    if spf.answer.status == ANSWER:
        return f"that domain has no SPF record among its TXT records ({spf.asked})"
    return f"that domain has no SPF record ({spf.asked})"


def _mend(spf: SenderSpf) -> str:
    if spf.under_nothing:
        return _other_domain(spf)
    sources, _ = sending_addresses(spf.config, spf.identity)
    terms = [term(source) for source in sources] or ["ip4:ADDRESS"]
    own_name = spf.domain == spf.config.main_view.value("myhostname").text
    end = "-all" if own_name else "~all"
    if spf.selection.near_misses:
        lines = [
            f"correct that record so that it begins with `v=spf1 ` and names this host, `{' '.join(terms)}`:"
        ]
    else:
        lines = ["publish one TXT record:"]
    lines.append(record_lines(spf.domain, " ".join(("v=spf1", *terms, end))))
    if not sources:
        lines.append(
            "with the public address of this host for ADDRESS, and `ip6:` for its IPv6 address if it has one"
        )
    for source in sources:
        if not source.is_sure:
            lines.append(f"if {source.address} is the address that it sends from ({source.because})")
    if not own_name:
        lines.append(f"and name in it, before `~all`, whatever else sends mail of {spf.domain}")
    if spf.answer.status == NXDOMAIN:
        parameter = spf.identity.envelope.parameter
        lines.append(
            f"or, if {spf.domain} is not meant, write the domain that the mail is from in `{parameter}`"
        )
    return "\n".join(lines)


def _other_domain(spf: SenderSpf) -> str:
    top = spf.domain.rpartition(".")[2]
    parameter = spf.identity.envelope.parameter
    return f"set `{parameter}` to the domain that the mail is from; there is no top-level domain `{top}`"
