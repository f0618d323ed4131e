"""``maillint show --sender``: who mail says it is from, how it leaves, and what the DNS makes of that."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, cast

from maillint.postfix.route import DIRECT, NOWHERE, RELAY
from maillint.postfix.sender import HOSTED, PROGRAMS, USERS, identities

if TYPE_CHECKING:
    from maillint.dns.answer import Lookup
    from maillint.dns.spf_check import Verdict
    from maillint.engine.finding import Finding, NotChecked
    from maillint.engine.run import Outcome
    from maillint.postfix.configuration import Configuration
    from maillint.postfix.sender import Identity, Route, Sender, Signer, Source
    from maillint.syntax.tree import Setting

_TITLES = {
    PROGRAMS: "Mail from programs on this host (sendmail, PHP, cron)",
    USERS: "Mail of users who log in",
    HOSTED: "Mail from domains that the configuration names",
}
_WRITES = {
    PROGRAMS: "unless the program names another",
    USERS: "as the mail program of the user writes it",
    HOSTED: "as the mail program of the user writes it",
}
_NOBODY = "No mail leaves this host: no service takes any.\n"
_WIDTH = 12
"""Of the column with the names of the facts."""


def as_text(config: Configuration) -> str:
    """A block for each kind of mail; online, what SPF says of it, and what the rules find."""
    groups = _grouped(identities(config))
    if not groups:
        return _NOBODY
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


def _grouped(found: Iterable[Identity]) -> list[list[Identity]]:
    """Those that differ in nothing but their domain, together."""
    groups: dict[object, list[Identity]] = {}
    for identity in found:
        parameter = identity.envelope.parameter
        key = identity.kind, identity.services, parameter, identity.route, identity.sources, identity.signers
        groups.setdefault(key, []).append(identity)
    return list(groups.values())


# --- text ------------------------------------------------------------------------------------------------


def _block(config: Configuration, group: Sequence[Identity]) -> list[str]:
    first = group[0]
    taken = f", taken by {', '.join(first.services)}" if first.services else ""
    lines = [_TITLES[first.kind] + taken]
    lines += _fact("envelope", [_sender(identity.envelope) for identity in group])
    lines += _fact("", _because(first.envelope.settings, first.envelope.steps))
    lines += _fact("From", [_header(group)])
    lines += _fact("next hop", [_route(first.route)])
    if first.route.kind != NOWHERE:
        lines += _fact("greets as", [_greeting(first)])
        lines += _fact("leaves from", _sources(first))
        lines += _fact("signed by", _signers(first.signers))
    for identity in group:
        for source, domain, verdict in _verdicts(config, identity):
            lines += _fact("SPF", _spf(source, domain, verdict))
    return lines


def _header(group: Sequence[Identity]) -> str:
    first = group[0]
    if len(group) > 1:
        return f"the same, {_WRITES[first.kind]}"
    if first.header.domain is None and first.kind != PROGRAMS:
        return _WRITES[first.kind]
    return f"{_sender(first.header)}, {_WRITES[first.kind]}"


def _fact(name: str, texts: Iterable[str]) -> list[str]:
    names = [name]
    return [f"  {names.pop() if names else '':{_WIDTH}}{text}" for text in texts]


def _sender(sender: Sender) -> str:
    return f"user@{sender.domain}" if sender.domain is not None else f"not known: {sender.unknown}"


def _because(settings: Sequence[Setting], steps: Sequence[str]) -> list[str]:
    """The settings that decide, with their places; and what is not set."""
    told = {f"`{setting.name} = {setting.value.text}`" for setting in settings}
    return [f"because {step}" for step in map(_bare, steps) if f"`{step}`" not in told] + [
        f"because {_setting(setting)}" for setting in settings
    ]


def _bare(step: str) -> str:
    return step[1:-1] if step.startswith("`") and step.count("`") == 2 and step.endswith("`") else step


def _setting(setting: Setting) -> str:
    text = " ".join(setting.value.text.split())
    return f"{setting.name} = {text} ({_place(setting)})"


def _place(setting: Setting) -> str:
    location = setting.value.location()
    return f"{os.path.basename(location.source.path)}:{location.start.line}"


def _route(route: Route) -> str:
    if route.kind == DIRECT:
        return f"the mail servers of the recipients (service {route.transport})"
    by = f"; {_setting(route.setting)}" if route.setting is not None else ""
    if route.kind == RELAY:
        return f"the relay {route.nexthop} (service {route.transport}){by}; receivers see its address"
    if route.kind == NOWHERE:
        return f"none: mail for other hosts does not leave{by}"
    return f"not known: {route.reason}{by}"


def _greeting(identity: Identity) -> str:
    greeting = identity.greeting
    if greeting.name is None:
        return f"not known: {greeting.unknown}"
    by = [_setting(setting) for setting in greeting.settings] or list(map(_bare, greeting.steps))
    return f"{greeting.name}; {', '.join(by)}"


def _sources(identity: Identity) -> list[str]:
    lines = []
    for source in identity.sources:
        by = f"; {_setting(source.setting)}" if source.setting is not None else ""
        private = "; private, so a router replaces it (NAT)" if source.is_private else ""
        lines.append(f"{source.address} ({source.because}{private}){by}")
    if not any(not source.is_private for source in identity.sources):
        lines.append("not known: tell the public address with --public-ip ADDRESS")
    return lines


def _signers(signers: Sequence[Signer]) -> list[str]:
    if not signers:
        return ["nobody: it passes no milter and no content filter"]
    return [
        f"perhaps {signer.parameter} = {signer.value}"
        + (f" ({_place(signer.setting)})" if signer.setting is not None else "")
        for signer in signers
    ]


def _spf(source: Source, domain: str, verdict: Verdict) -> list[str]:
    lines = [f"{domain}, {source.address}: {verdict.result} ({verdict.reason})"]
    for step in verdict.trace:
        lines.append(f"  {'  ' * step.depth}{step.domain}: {step.term}: {step.outcome}")
    return lines


def _judgement(outcome: Outcome) -> list[str]:
    lines = ["What the DNS says of it"]
    for finding in outcome.findings:
        start = finding.location.start
        place = f"{os.path.basename(finding.location.source.path)}:{start.line}"
        lines.append(f"  {finding.severity}: {finding.message} [{finding.rule}] ({place})")
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
