"""MTA-STS is announced for a domain, but does not work.

## What happens
A TXT record at `_mta-sts.DOMAIN` announces a policy that senders fetch from
`https://mta-sts.DOMAIN/.well-known/mta-sts.txt`. When the record or the policy is malformed, or the policy
cannot be had, senders go on without it, and a policy that they still remember ends one day. When the policy
(`mode: enforce`) does not name a mail server of the domain, senders that follow it deliver nothing to that
server: with no other, mail to the domain comes back.

The policy itself is fetched only with `--fetch-policies`.

## Bad
```main.cf mta-sts-invalid@3
myhostname = mail.example.com
myorigin = example.com
mydestination = example.com
```

```dns.zone
example.com.            60 TXT "v=spf1 mx -all"
_mta-sts.example.com.   60 TXT "v=STSv1; id=2026-11-24"
_smtp._tls.example.com. 60 TXT "v=TLSRPTv1; rua=mailto:tls@example.com"
mta-sts.example.com.    60 A   192.0.2.80
```

### There is no host with the policy
```main.cf mta-sts-invalid@3
myhostname = mail.example.com
myorigin = example.com
mydestination = example.com
```

```dns.zone
example.com.            60 TXT "v=spf1 mx -all"
_mta-sts.example.com.   60 TXT "v=STSv1; id=20261124"
_smtp._tls.example.com. 60 TXT "v=TLSRPTv1; rua=mailto:tls@example.com"
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
_smtp._tls.example.com. 60 TXT "v=TLSRPTv1; rua=mailto:tls@example.com"
mta-sts.example.com.    60 A   192.0.2.80
```

## When it is right
Never. To give MTA-STS up, publish a policy with `mode: none` first, and delete the record once the `max_age`
of the old one has passed.

## References
- RFC 8461, sections 3.1, 3.2, 3.3 and 8.3
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from maillint.dns.mta_sts import (
    HOST_PREFIX,
    PREFIX,
    is_sts_record,
    not_allowed,
    parse_policy,
    record_problem,
)
from maillint.dns.mx import exchange, host_addresses, unanswered
from maillint.engine.finding import ERROR, WARNING, Finding, NotChecked
from maillint.engine.rule import rule

from ._asking import all_asked, ask_ahead, asked, lookup, not_answered
from ._exchanges import HOSTING, hosted_domains, place

if TYPE_CHECKING:
    from maillint.dns.answer import Answer
    from maillint.dns.mta_sts import Fetched, Fetcher
    from maillint.postfix.configuration import Configuration
    from maillint.postfix.domains import Listed

_IGNORED = "so senders go on as if there were none"


@rule(severity=WARNING, area="online", parameters=HOSTING, when_set=True, online=True, complete=True)
def mta_sts_invalid(config: Configuration) -> Iterator[Finding | NotChecked]:
    hosted = list(hosted_domains(config))
    ask_ahead(lookup(config), [(f"{PREFIX}.{listed.domain}", "TXT") for listed in hosted])
    for listed in hosted:
        yield from _judged(config, listed)


class _Announced:
    """One domain that announces MTA-STS."""

    __slots__ = ("_answer", "config", "listed", "location")

    def __init__(self, config: Configuration, listed: Listed, answer: Answer) -> None:
        self.config = config
        self.listed = listed
        self.location = place(config, listed)
        self._answer = answer

    @property
    def domain(self) -> str:
        return self.listed.domain

    def finding(self, what: str, mend: str, severity: str = WARNING) -> Finding:
        return Finding(
            self.location,
            f"{self.domain} announces MTA-STS ({asked(self._answer)}), but {what}",
            mend=mend,
            severity=severity,
            parameter=self.listed.parameter,
        )


def _judged(config: Configuration, listed: Listed) -> Iterator[Finding | NotChecked]:
    dns, domain = lookup(config), listed.domain
    answer = dns.ask(f"{PREFIX}.{domain}", "TXT")
    announced = _Announced(config, listed, answer)
    if not answer.certain:
        yield not_answered(answer, announced.location)
        return
    meant = [text for text in answer.texts if text.lower().replace(" ", "").startswith("v=stsv1")]
    if not meant:
        return
    if (wrong := _wrong_record(meant)) is not None:
        yield announced.finding(
            f"{wrong}, {_IGNORED}",
            f"publish one TXT record at {PREFIX}.{domain}, such as `v=STSv1; id=20260101`",
        )
        return
    host = f"{HOST_PREFIX}.{domain}"
    found, answers = host_addresses(dns, host)
    if (silent := unanswered(answers)) is not None:
        yield not_answered(silent, announced.location)
    elif not found:
        yield announced.finding(
            f"`{host}`, where the policy is to be had, has no address ({all_asked(answers)}), {_IGNORED}",
            f"give `{host}` the address of a web server that has the policy, or delete the record",
        )
    elif config.policies is not None:
        yield from _fetched(announced, cast("Fetcher", config.policies).fetch(domain))


def _wrong_record(meant: list[str]) -> str | None:
    records = list(filter(is_sts_record, meant))
    if not records:
        return f"the record `{meant[0]}` does not begin with `v=STSv1;`"
    if len(records) > 1:
        return f"there are {len(records)} records"
    problem = record_problem(records[0])
    return f"the record is wrong at column {problem.start + 1}: {problem.message}" if problem else None


def _fetched(announced: _Announced, fetched: Fetched) -> Iterator[Finding | NotChecked]:
    if fetched.text is None and not fetched.theirs:
        yield NotChecked("", fetched.reason, fetched.url, announced.location)
        return
    if fetched.text is None:
        yield announced.finding(
            f"its policy cannot be had from {fetched.url}: {fetched.reason}, {_IGNORED}",
            "let the web server answer with the policy, under a valid certificate of its name",
        )
        return
    policy = parse_policy(fetched.text)
    if policy.problems:
        yield announced.finding(
            f"its policy ({fetched.url}) is malformed: {'; '.join(policy.problems)}, {_IGNORED}",
            "correct the policy, and change the `id` of the record",
        )
        return
    found = exchange(lookup(announced.config), announced.domain)
    if not found.answer.certain:
        yield not_answered(found.answer, announced.location)
    missing = not_allowed(policy, found.hosts)
    if missing and policy.mode != "none":
        hosts = ", ".join(f"`{host}`" for host in missing)
        enforced = policy.mode == "enforce"
        yield announced.finding(
            f"its policy ({fetched.url}, `mode: {policy.mode}`) does not name the mail server {hosts}"
            f" ({asked(found.answer)}): "
            + (
                "senders that follow it do not deliver there"
                if enforced
                else "senders report that as a failure"
            ),
            "\n".join(
                (
                    *(f"add `mx: {host}` to the policy" for host in missing),
                    "and change the `id` of the record",
                )
            ),
            ERROR if enforced and len(missing) == len(found.hosts) else WARNING,
        )
