"""``maillint show --sender``: who mail says it is from, how it leaves, and what the DNS makes of that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, cast

from maillint.postfix.route import NOWHERE, RELAY
from maillint.postfix.sender import identities
from maillint.report.words import place, plain
from maillint.report.words import sender as words

if TYPE_CHECKING:
    from maillint.dns.answer import Lookup
    from maillint.dns.spf_check import Verdict
    from maillint.engine.finding import Finding, NotChecked
    from maillint.engine.run import Outcome
    from maillint.postfix.configuration import Configuration
    from maillint.postfix.sender import Identity, Sender, Source
    from maillint.syntax.tree import Setting

_WIDTH = 12
"""Of the column with the names of the facts."""


def as_text(config: Configuration) -> str:
    """A block for each kind of mail; online, what SPF says of it, and what the rules find."""
    groups = words.grouped(identities(config))
    if not groups:
        return f"{words.NOBODY}\n"
    blocks = ["\n".join(_block(config, group)) for group in groups]
    if config.dns is not None:
        blocks.append("\n".join(_judgement(_judged(config))))
    return "\n\n".join(blocks) + "\n"


def as_json(config: Configuration) -> str:
    """One object for each domain of each kind of mail."""
    import json

    answer: dict[str, Any] = {
        "version": 1,
        "identities": [_identity_as_json(config, identity) for identity in identities(config)],
    }
    if config.dns is not None:
        outcome = _judged(config)
        answer["findings"] = [_finding_as_json(finding) for finding in outcome.findings]
        answer["not_checked"] = [
            {"rule": note.rule, "reason": note.reason, "question": note.question}
            for note in outcome.not_checked
        ]
    return json.dumps(answer, indent=2, ensure_ascii=False) + "\n"


# --- text ------------------------------------------------------------------------------------------------


def _block(config: Configuration, group: Sequence[Identity]) -> list[str]:
    lines = [words.title(group[0])]
    for fact in words.facts(group):
        lines += _fact(fact.name, map(plain, fact.lines))
        lines += _fact("", map(plain, fact.because))
    for identity in group:
        for source, domain, verdict in _verdicts(config, identity):
            lines += _fact("SPF", _spf(source, domain, verdict))
    return lines


def _fact(name: str, texts: Iterable[str]) -> list[str]:
    names = [name]
    return [f"  {names.pop() if names else '':{_WIDTH}}{text}" for text in texts]


def _spf(source: Source, domain: str, verdict: Verdict) -> list[str]:
    lines = [f"{domain}, {source.address}: {verdict.result} ({verdict.reason})"]
    for step in verdict.trace:
        lines.append(f"  {'  ' * step.depth}{step.domain}: {step.term}: {step.outcome}")
    return lines


def _judgement(outcome: Outcome) -> list[str]:
    lines = ["What the DNS says of it"]
    for finding in outcome.findings:
        where = place(finding.location)
        lines.append(f"  {finding.severity}: {finding.message} [{finding.rule}] ({where})")
        lines += [f"    {line}" for line in finding.mend.splitlines()]
    for reason, rules in _notes(outcome.not_checked).items():
        lines.append(f"  not checked: {reason} [{', '.join(rules)}]")
    if len(lines) == 1:
        lines.append("  nothing found")
    return lines


def _notes(notes: Iterable[NotChecked]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for note in notes:
        reason = f"{note.reason} ({note.question})" if note.question else note.reason
        rules = found.setdefault(reason, [])
        if note.rule not in rules:
            rules.append(note.rule)
    return found


# --- online ----------------------------------------------------------------------------------------------


def _judged(config: Configuration) -> Outcome:
    """What the rules that ask the DNS say."""
    from maillint.engine.plan import Plan
    from maillint.engine.registry import BUILT_IN, Registry
    from maillint.engine.run import Outcome, judge
    from maillint.engine.settings import Layer, Settings

    plan = Plan(Settings(Layer({"select": ["online"]}, "show")), Registry.load((BUILT_IN,)))
    plan.dns = config.dns
    outcome = Outcome()
    judge(config, plan, outcome, lambda path: True)
    return outcome


def _verdicts(config: Configuration, identity: Identity) -> list[tuple[Source, str, Verdict]]:
    """What SPF says of each public address, for the domain in the envelope and for the greeting (bounces)."""
    if config.dns is None or identity.route.kind in (RELAY, NOWHERE):
        return []
    from maillint.dns.spf_check import check_host

    dns = cast("Lookup", config.dns)
    helo = identity.greeting.name
    found = []
    for source in identity.sources:
        for domain in dict.fromkeys((identity.envelope.domain, helo)):
            if domain is not None and not source.is_private:
                sender = "" if domain == helo != identity.envelope.domain else f"user@{domain}"
                verdict = check_host(dns, source.address, sender, helo or "unknown", domain=domain)
                found.append((source, domain, verdict))
    return found


# --- JSON ------------------------------------------------------------------------------------------------


def _identity_as_json(config: Configuration, identity: Identity) -> dict[str, Any]:
    greeting, route = identity.greeting, identity.route
    return {
        "kind": identity.kind,
        "services": list(identity.services),
        "envelope": _sender_as_json(identity.envelope),
        "from": _sender_as_json(identity.header),
        "route": {
            "kind": route.kind,
            "nexthop": route.nexthop or None,
            "service": route.transport,
            "reason": route.reason or None,
            "setting": _setting_as_json(route.setting),
        },
        "helo": {
            "name": greeting.name,
            "unknown": greeting.unknown or None,
            "settings": [_setting_as_json(setting) for setting in greeting.settings],
        },
        "addresses": [
            {
                "address": source.address,
                "how": source.how,
                "sure": source.is_sure,
                "private": source.is_private,
                "setting": _setting_as_json(source.setting),
            }
            for source in identity.sources
        ],
        "signers": [
            {
                "parameter": signer.parameter,
                "value": signer.value,
                "setting": _setting_as_json(signer.setting),
            }
            for signer in identity.signers
        ],
        "spf": [
            {"address": source.address, "domain": domain, **_verdict_as_json(verdict)}
            for source, domain, verdict in _verdicts(config, identity)
        ],
    }


def _sender_as_json(sender: Sender) -> dict[str, Any]:
    return {
        "domain": sender.domain,
        "unknown": sender.unknown or None,
        "parameter": sender.parameter,
        "settings": [_setting_as_json(setting) for setting in sender.settings],
    }


def _setting_as_json(setting: Setting | None) -> dict[str, Any] | None:
    if setting is None:
        return None
    location = setting.value.location()
    return {
        "name": setting.name,
        "value": setting.value.text,
        "path": location.source.path,
        "line": location.start.line,
        "column": location.start.column,
    }


def _verdict_as_json(verdict: Verdict) -> dict[str, Any]:
    return {
        "result": verdict.result,
        "reason": verdict.reason,
        "lookups": verdict.lookups,
        "void_lookups": verdict.void_lookups,
        "trace": [step._asdict() for step in verdict.trace],
    }


def _finding_as_json(finding: Finding) -> dict[str, Any]:
    start = finding.location.start
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "confidence": finding.confidence,
        "message": finding.message,
        "mend": finding.mend,
        "path": finding.location.source.path,
        "line": start.line,
        "column": start.column,
    }
