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
from maillint.engine.finding import ERROR, HIGH, INFO, MEDIUM, WARNING, Finding, NotChecked
from maillint.engine.rule import rule
from maillint.postfix.sender import RELAY, UNKNOWN, signers, source_addresses

from ._sender_spf import SenderSpf, record_lines, sender_spf

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


@rule(severity=ERROR, area="online", parameters=("myorigin",), online=True, complete=True)
def spf_missing(config: Configuration) -> Iterator[Finding | NotChecked]:
    spf = sender_spf(config)
    if isinstance(spf, NotChecked):
        yield spf
    elif spf is not None and not spf.selection.records:
        yield _relayed(spf) if spf.route.kind == RELAY else _direct(config, spf)


def _direct(config: Configuration, spf: SenderSpf) -> Finding:
    severity, confidence, unless = ERROR, HIGH, "it has a valid DKIM signature"
    signer = next(iter(signers(config)), None)
    if signer is not None:
        severity, unless = WARNING, f"`{signer}` gives it a valid DKIM signature"
    if spf.route.kind == UNKNOWN:
        severity, confidence = WARNING, MEDIUM
        unless += f", or it goes another way ({spf.route.reason})"
    return Finding(
        spf.location,
        f"{spf.mail}, but {_lack(spf)}, so receivers cannot tell it from a forgery:"
        f" Gmail refuses it with 550-5.7.26 unless {unless}",
        mend=_mend(config, spf),
        severity=severity,
        confidence=confidence,
        parameter=spf.sender.parameter,
        related=spf.related,
    )


def _relayed(spf: SenderSpf) -> Finding:
    mend = (
        "ask the relay's operator for the `include:` that names its servers, and publish one TXT record"
        f" at {spf.domain}: `v=spf1 include:NAME ~all`; nothing is missing if the relay puts a domain of"
        " its own into the envelope sender"
    )
    return Finding(
        spf.location,
        f"{spf.mail} through the relay `{spf.route.nexthop}`, but {_lack(spf)}; if the relay keeps this"
        " sender domain, receivers cannot tell the mail from a forgery",
        mend=_other_domain(spf) if spf.under_nothing else mend,
        severity=INFO,
        parameter=spf.sender.parameter,
        related=spf.related,
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


def _mend(config: Configuration, spf: SenderSpf) -> str:
    if spf.under_nothing:
        return _other_domain(spf)
    addresses = source_addresses(config)
    terms = [f"ip{6 if ':' in address else 4}:{address}" for address in addresses] or ["ip4:ADDRESS"]
    own_name = spf.domain == config.main_view.value("myhostname").text
    end = "-all" if own_name else "~all"
    if spf.selection.near_misses:
        lines = [
            f"correct that record so that it begins with `v=spf1 ` and names this host, `{' '.join(terms)}`:"
        ]
    else:
        lines = ["publish one TXT record:"]
    lines.append(record_lines(spf.domain, " ".join(("v=spf1", *terms, end))))
    if not addresses:
        lines.append(
            "with the public address of this host for ADDRESS, and `ip6:` for its IPv6 address if it has one"
        )
    if not own_name:
        lines.append(f"and name in it, before `~all`, whatever else sends mail of {spf.domain}")
    if spf.answer.status == NXDOMAIN:
        lines.append(f"or, if {spf.domain} is not meant, set `myorigin` to the domain that the mail is from")
    return "\n".join(lines)


def _other_domain(spf: SenderSpf) -> str:
    top = spf.domain.rpartition(".")[2]
    return f"set `myorigin` to the domain that the mail is from; there is no top-level domain `{top}`"
