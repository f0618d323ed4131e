"""Senders are told to insist on TLS, but not where to report that it fails.

## What happens
With MTA-STS or DANE, senders that follow it hold mail back when TLS does not work: an expired certificate, a
policy that does not fit, TLSA records that were not changed with the key. They would report it within a day,
to the address in a TXT record at `_smtp._tls.DOMAIN`. Without it, the owner of the domain learns of it from
people who miss mail.

## Bad
```main.cf tls-rpt-missing@3
myhostname = mail.example.com
myorigin = example.com
mydestination = example.com
```

```dns.zone
example.com.          60 TXT "v=spf1 mx -all"
_mta-sts.example.com. 60 TXT "v=STSv1; id=20261124"
mta-sts.example.com.  60 A   192.0.2.80
```

## Good
```main.cf
myhostname = mail.example.com
myorigin = example.com
mydestination = example.com
```

```dns.zone
example.com.            60 TXT "v=spf1 mx -all"
_mta-sts.example.com.   60 TXT "v=STSv1; id=20261124"
mta-sts.example.com.    60 A   192.0.2.80
_smtp._tls.example.com. 60 TXT "v=TLSRPTv1; rua=mailto:tls-reports@example.com"
```

## When it is right
Something else watches the certificates and records.

## References
- RFC 8460, section 3
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.dns import mta_sts
from maillint.dns.tls_rpt import PREFIX, is_report_record, record_problem
from maillint.engine.finding import INFO, Finding, NotChecked
from maillint.engine.rule import rule

from ._asking import ask_ahead, asked, lookup, not_answered, txt_line
from ._dane import Secured, secured_servers
from ._exchanges import HOSTING, hosted_domains, place

if TYPE_CHECKING:
    from maillint.dns.answer import Answer
    from maillint.postfix.configuration import Configuration


@rule(severity=INFO, area="online", parameters=HOSTING, when_set=True, online=True, complete=True)
def tls_rpt_missing(config: Configuration) -> Iterator[Finding | NotChecked]:
    dns = lookup(config)
    hosted = list(hosted_domains(config))
    prefixes = (mta_sts.PREFIX, PREFIX)
    ask_ahead(dns, [(f"{prefix}.{listed.domain}", "TXT") for listed in hosted for prefix in prefixes])
    for listed in hosted:
        location = place(config, listed)
        policy = dns.ask(f"{mta_sts.PREFIX}.{listed.domain}", "TXT")
        reason = _insists(config, listed.domain, policy)
        if reason is None:
            if not policy.certain:
                yield not_answered(policy, location)
            continue
        answer = dns.ask(f"{PREFIX}.{listed.domain}", "TXT")
        if not answer.certain:
            yield not_answered(answer, location)
        elif (lack := _lack(answer)) is not None:
            yield Finding(
                location,
                f"{listed.domain} has {reason}, but {lack} ({asked(answer)}), so nobody reports when senders"
                " cannot deliver by TLS",
                mend="publish one TXT record:\n"
                + txt_line(
                    f"{PREFIX}.{listed.domain}", f"v=TLSRPTv1; rua=mailto:tls-reports@{listed.domain}"
                ),
                parameter=listed.parameter,
            )


def _insists(config: Configuration, domain: str, policy: Answer) -> str | None:
    """What makes senders insist on TLS; None: nothing, as far as can be told."""
    if any(map(mta_sts.is_sts_record, policy.texts)):
        return "MTA-STS"
    servers = (server for server in secured_servers(config) if isinstance(server, Secured))
    return next((f"TLSA records for `{s.host}`" for s in servers if s.listed.domain == domain), None)


def _lack(answer: Answer) -> str | None:
    found = list(filter(is_report_record, answer.texts))
    if not found:
        return "no TLS-RPT record"
    if len(found) > 1:
        return f"{len(found)} TLS-RPT records, of which senders take none"
    problem = record_problem(found[0])
    return f"a TLS-RPT record of no use: {problem.message}" if problem is not None else None
