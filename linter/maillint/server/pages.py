"""What is said of a parameter, a restriction, a word or a rule, in Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillint.engine.docs import parse
from maillint.postfix import vocabulary
from maillint.report.links import rule_url
from maillint.report.words import reference
from maillint.report.words.reference import manual

if TYPE_CHECKING:
    from collections.abc import Iterable

    from maillint.engine.registry import Registry
    from maillint.engine.rule import Rule
    from maillint.postfix.configuration import View
    from maillint.postfix.vocabulary import Program
    from maillint.syntax.tree import Service, Setting

    from .analysis import Analysis

_MOST_RULES = 8


def parameter(analysis: Analysis, view: View, name: str) -> str:
    """The facts about a parameter, and what it is for the program that *view* is of."""
    config = analysis.configuration
    known = config.parameter(name)
    head = f"**{name}**" + (f", {reference.kind(known, config.version)}" if known is not None else "")
    if known is None and not view.is_set(name):
        return f"{head}: Postfix {config.version} has no such parameter, and it is not set"
    parts = [head, *reference.effective(config, view, name, lambda node: place(analysis, node))]
    if known is not None:
        facts = list(reference.parameter_facts(known, config.version))
        rules = [rule.id for rule in reference.rules_about(name, analysis.plan.registry.rules.values())]
        if rules:
            facts.append(
                f"rules: {', '.join(rules[:_MOST_RULES])}{', …' if len(rules) > _MOST_RULES else ''}"
            )
        parts += [_list(facts), manual(name)]
    return "\n\n".join(parts)


def place(analysis: Analysis, node: Setting | Service) -> str:
    """Where something stands, such as ``main.cf:12``."""
    return f"{analysis.shown(node.source.path)}:{node.line}"


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def restriction(name: str) -> str | None:
    """The facts about a word of an smtpd access list; None: there is no such restriction."""
    fact = vocabulary.restriction(name)
    if fact is None:
        return None
    facts = _list(reference.restriction_facts(fact))
    return f"**{fact.name}**, restriction of smtpd\n\n{facts}\n\n{manual(fact.name)}"


def table_type(name: str) -> str | None:
    """The facts about a type of lookup table; None: there is no such type."""
    known = vocabulary.table_types().get(name)
    if known is None:
        return None
    return f"**{name}**, type of lookup table\n\n{_list(reference.table_facts(known))}"


def program(found: Program) -> str:
    """The facts about a program that master(8) starts."""
    facts = _list(reference.program_facts(found))
    return f"**{found.name}**(8), program of Postfix\n\n{facts}\n\n{reference.program_manual(found.name)}"


def rule(found: Rule, registry: Registry) -> str:
    """What a rule is about, and when to leave things as they are."""
    page = parse(registry.page(found))
    parts = [f"**{found.id}**, {found.severity}: {page.summary}"]
    for title in ("What happens", "When it is right"):
        section = page.section(title)
        if section is not None:
            parts.append(f"*{title}.* {section.text}" if title != "What happens" else section.text)
    url = rule_url(found.id)
    parts.append(f"[All of it]({url})" if url else f"`maillint explain {found.id}` tells more.")
    return "\n\n".join(parts)
