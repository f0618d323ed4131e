"""Holds what has failed against a configuration: the findings that explain it, and who the mail was from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Protocol

from maillint.engine.discovery import Target
from maillint.engine.plan import Plan, Planner
from maillint.engine.registry import Registry
from maillint.engine.result import Problem
from maillint.engine.run import Outcome, judge, read
from maillint.engine.settings import COMMAND_LINE, Layer, Settings
from maillint.postfix.sender import PROGRAMS, identities
from maillint.record import NamedTuple

from .grouping import OTHERS, Group
from .outcomes import domain_of

if TYPE_CHECKING:
    from maillint.engine.finding import Finding, NotChecked
    from maillint.postfix.configuration import Configuration
    from maillint.postfix.sender import Identity

    from .diagnose import Diagnosis

_DOMAINS = 20
"""Of the domains of failing senders, so many are looked at."""

_ABOUT_DOMAINS = ("spf-", "dmarc-", "mx-missing", "null-mx-sender")
"""Rules whose findings are each about one domain of a sender, which stands in the message."""


class Verdict(NamedTuple):
    """What SPF says of mail that has failed."""

    result: str
    """Such as ``pass`` and ``none``."""
    reason: str


class Dns(Protocol):
    """Who answers questions to the DNS."""

    def lookup(self, settings: Settings) -> object | None:
        """What online rules ask under *settings*; None: nothing."""

    def spf(self, asked: object, address: str, sender: str, helo: str) -> Verdict:
        """What SPF says of mail of *sender* from *address*; *asked*: what :meth:`lookup` gave."""


class LeftAs(NamedTuple):
    """How the mail of one group left, as the log shows it, and what leads to that."""

    sender: str
    """The most frequent in the envelope."""
    mails: int
    domain: str
    address: str
    """That it came from; empty: no receiver names it."""
    helo: str
    steps: tuple[str, ...]
    """The settings that lead to the domain, as far as the configuration has this sender."""
    spf: Verdict | None
    """None: the DNS was not asked."""


class Explained(NamedTuple):
    """One group with all that is known about it."""

    group: Group
    left_as: LeftAs | None
    findings: tuple[Finding, ...]
    """Those that explain it, the closest first."""


class Explanation(NamedTuple):
    """All groups."""

    groups: tuple[Explained, ...]
    not_checked: tuple[NotChecked, ...]
    problems: tuple[Problem, ...]
    is_judged: bool
    """Whether there was a configuration."""


def explain(
    diagnosis: Diagnosis,
    target: Target | None,
    values: dict[str, Any],
    dns: Dns,
) -> Explanation:
    """What explains *diagnosis*.

    *target*: the configuration of the host that wrote the log; None: it is not known. *values*: the settings
    of the command line. *dns*: who answers questions. Raises SettingsError.
    """
    if target is None:
        asked = dns.lookup(Settings(Layer(values, COMMAND_LINE)))
        groups = tuple(Explained(group, _left_as(group, None, dns, asked), ()) for group in diagnosis.groups)
        return Explanation(groups, (), (), False)
    return _Judge(diagnosis, target, values, dns).explained()


class _Judge:
    """Judges one configuration by the rules that the causes name."""

    def __init__(
        self,
        diagnosis: Diagnosis,
        target: Target,
        values: dict[str, Any],
        dns: Dns,
    ) -> None:
        self._groups = diagnosis.groups
        self._target = target
        self._values = dict(values)
        self._dns = dns
        self._problems: list[Problem] = []
        self._registry: Registry | None = None
        self._found: list[Finding] = []
        self._not_checked: list[NotChecked] = []

    def explained(self) -> Explanation:
        rules = list(dict.fromkeys(rule for group in self._groups for rule in self._rules(group)))
        plan = self._plan(rules)
        config = read(self._target, plan, self._problems)
        if config is None:
            groups = tuple(
                Explained(group, _left_as(group, None, self._dns, None), ()) for group in self._groups
            )
            return Explanation(groups, (), tuple(self._problems), False)
        if rules:
            self._judge(config, plan)
        asked = self._dns.lookup(plan.settings)
        known = self._as_the_log_knows(config, rules)
        if asked is not None:
            plan = self._plan(rules)
            plan.dns = known.dns = asked
            plan.rules = tuple(rule for rule in plan.rules if rule.online)
            self._judge(known, plan)
        explained = (
            Explained(group, _left_as(group, known, self._dns, asked), tuple(self._findings(group, known)))
            for group in self._groups
        )
        return Explanation(tuple(explained), tuple(self._not_checked), tuple(self._problems), True)

    def _rules(self, group: Group) -> tuple[str, ...]:
        """Those that find the cause of *group*."""
        rules = group.cause.rules if group.cause is not None else ()
        if not group.programs.most():
            return rules
        from .foreseen import rules_that_foresee

        self._registry = self._registry or Registry.load()
        return tuple(dict.fromkeys((*rules, *rules_that_foresee(self._registry, group.sample))))

    def _judge(self, config: Configuration, plan: Plan) -> None:
        outcome = Outcome()
        judge(config, plan, outcome, lambda path: True)
        self._found += outcome.findings
        self._not_checked += outcome.not_checked
        self._problems += outcome.problems

    def _plan(self, rules: list[str]) -> Plan:
        """With *rules* only, whatever the settings ignore: what is silenced may be the cause all the same."""
        layer = Layer({**self._values, "select": rules}, COMMAND_LINE)
        target = self._target
        return Planner(layer, ignores=False).plan(target.directory, *target.files)

    def _as_the_log_knows(self, config: Configuration, rules: list[str]) -> Configuration:
        """The configuration with the name and the addresses of the host, where only the log tells them."""
        if not self._values.get("public-ip") and not config.public_addresses:
            sources = _names(group.sources.most() for group in self._groups)
            if sources:
                self._values["public-ip"] = sources[:_DOMAINS]
        if config.hostname is None and config.main_view.value("myhostname").text is None:
            for domain in _names(_domains(group) for group in self._groups)[:_DOMAINS]:
                self._values["hostname"] = domain
                named = read(self._target, self._plan(rules), [])
                if named is not None and _identity(named, domain) is not None:
                    return named
            self._values.pop("hostname", None)
        return read(self._target, self._plan(rules), []) or config

    def _findings(self, group: Group, config: Configuration) -> Iterator[Finding]:
        """Those that explain *group*, in the order of its cause's rules."""
        rules = self._rules(group)
        domains = [name for name, _ in _domains(group)]
        for rule in rules:
            for finding in self._found:
                if finding.rule == rule and _is_about(finding, domains, config):
                    yield finding


def _is_about(finding: Finding, domains: list[str], config: Configuration) -> bool:
    """Whether *finding* is about mail with one of these sender *domains*; empty: nobody knows whose it is."""
    if not domains:
        return True
    if finding.rule.startswith(_ABOUT_DOMAINS):
        return any(f"@{domain}" in finding.message or domain in finding.message.split() for domain in domains)
    if finding.parameter == "myorigin":
        own = [identity.envelope.domain for identity in identities(config) if identity.kind == PROGRAMS]
        return not own or None in own or any(domain in domains for domain in own)
    return True


def _left_as(group: Group, config: Configuration | None, dns: Dns, asked: object) -> LeftAs | None:
    """How the mail of *group* left; None: the log does not tell."""
    senders = [(name, count) for name, count in group.senders.most() if "@" in name]
    if not group.mails or not senders:
        return None
    sender, count = senders[0]
    domain = domain_of(sender)
    address = next((name for name, _ in group.sources.most() if name != OTHERS), "")
    identity = _identity(config, domain) if config is not None else None
    named = identity.greeting.name if identity is not None else None
    helo = next((name for name, _ in group.hellos.most() if name != OTHERS), named or "")
    steps = identity.envelope.steps if identity is not None else ()
    spf = dns.spf(asked, address, sender, helo) if asked is not None and address else None
    return LeftAs(sender, count, domain, address, helo, steps, spf)


def _identity(config: Configuration, domain: str) -> Identity | None:
    """The kind of mail that has this sender *domain*, that of programs first."""
    return next((found for found in identities(config) if found.envelope.domain == domain), None)


def _domains(group: Group) -> list[tuple[str, int]]:
    """Of the senders of failed mail, the most frequent first."""
    counts: dict[str, int] = {}
    for sender, count in group.senders.most():
        domain = domain_of(sender)
        if domain and group.mails:
            counts[domain] = counts.get(domain, 0) + count
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:_DOMAINS]


def _names(counts: Iterable[list[tuple[str, int]]]) -> list[str]:
    """All names, the most frequent first."""
    total: dict[str, int] = {}
    for pairs in counts:
        for name, count in pairs:
            if name != OTHERS:
                total[name] = total.get(name, 0) + count
    return sorted(total, key=lambda name: (-total[name], name))
