"""What is said of a parameter, a restriction, a word or a rule, in Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.docs import parse
from maillint.postfix import vocabulary
from maillint.postfix.catalogue import system_default
from maillint.report.links import rule_url
from maillint.report.quote import printable, without_passwords

from .outline import shortened

if TYPE_CHECKING:
    from maillint.engine.registry import Registry
    from maillint.engine.rule import Rule
    from maillint.postfix.catalogue import Parameter
    from maillint.postfix.configuration import Configuration, Value, View
    from maillint.syntax.tree import Service, Setting

    from .analysis import Analysis

MANUAL = "https://www.postfix.org/postconf.5.html"

_TYPES = {
    "bool": "yes or no",
    "nbool": "yes or no, by an expression if need be",
    "int": "whole number",
    "nint": "whole number, by an expression if need be",
    "long": "whole number",
    "time": "time",
    "str": "text",
    "raw": "text, in which `$name` waits until it is used",
}
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_LONGEST = 300
_MOST_WORDS = 24
_MOST_RULES = 8


def code(text: str) -> str:
    """*text* as Markdown code on one line, whatever is in it."""
    text = shortened(printable(without_passwords(text)), _LONGEST)
    if not text:
        return "(empty)"
    fence = "`" * (max((len(run) for run in _backquotes(text)), default=0) + 1)
    pad = " " if text[0] == "`" or text[-1] == "`" else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def _backquotes(text: str) -> Iterator[str]:
    import re

    return (run[0] for run in re.finditer("`+", text))


def parameter(analysis: Analysis, view: View, name: str) -> str:
    """The facts about a parameter, and what it is for the program that *view* is of."""
    config = analysis.configuration
    known = config.parameter(name)
    parts = [f"**{name}**" + (f", {_kind(known, config)}" if known is not None else "")]
    if known is None and not view.is_set(name):
        return f"{parts[0]}: Postfix {config.version} has no such parameter, and it is not set"
    parts += _effective(analysis, view, name)
    if known is not None:
        facts = "\n".join(f"- {fact}" for fact in _facts(known, config, analysis.plan.registry))
        parts += [facts] if facts else []
        parts.append(f"[postconf(5)]({MANUAL}#{name})")
    return "\n\n".join(parts)


def _kind(known: Parameter, config: Configuration) -> str:
    type = known.type_in(config.version)
    text = _TYPES[type]
    if type == "time" and known.unit:
        text += f", in {_UNITS[known.unit]} when no unit is written"
    least, most = known.bounds_in(config.version)
    if least is not None or most is not None:
        bounds = f"{'' if least is None else least}..{'' if most is None else most}"
        text += f", {bounds}" + (" characters" if type in ("str", "raw") else "")
    return text


def _effective(analysis: Analysis, view: View, name: str) -> Iterator[str]:
    """The value, where it comes from, and the services that see another."""
    value = view.value(name)
    where = f" for {code(view.id)}" if view.id else ""
    if value.text is not None:
        yield f"Now{where}: {code(value.text)}{_origin(analysis, value)}"
    else:
        yield f"Now{where}: {code(value.partial)}{_origin(analysis, value)} ({value.unknown})"
    chain = [setting for setting in value.chain if setting is not value.setting]
    if chain:
        yield "\n".join(
            f"- {code(f'{setting.name} = {setting.value.text}')}, {place(analysis, setting)}"
            for setting in chain
        )
    if not view.id:
        others = [
            f"- {code(other.id)}: {code(option.value.text)}, {place(analysis, option)}"
            for other in analysis.configuration.views
            if (option := other.overrides.get(name)) is not None
        ]
        if others:
            yield "\n".join(["In master.cf:", *others])


def _origin(analysis: Analysis, value: Value) -> str:
    return ", by default" if value.setting is None else f", {place(analysis, value.setting)}"


def place(analysis: Analysis, node: Setting | Service) -> str:
    """Where something stands, such as ``main.cf:12``."""
    return f"{analysis.shown(node.source.path)}:{node.line}"


def _facts(known: Parameter, config: Configuration, registry: Registry) -> Iterator[str]:
    version = config.version
    default = known.default_in(version)
    how = system_default(known.name)
    if default is None:
        yield "default: depends on the host" + (f" ({how.how})" if how is not None else "")
    else:
        yield f"default in Postfix {version}: {code(default)}"
    if known.enumeration is not None:
        words = known.enumeration.words_in(version)
        more = ", …" if len(words) > _MOST_WORDS else ""
        yield "words: " + ", ".join(map(code, words[:_MOST_WORDS])) + more
    if known.introduced is not None:
        yield f"since Postfix {known.introduced}"
    if known.deprecated is not None and version.has(known.deprecated):
        instead = f"; instead: {', '.join(map(code, known.replacement))}" if known.replacement else ""
        yield f"deprecated since Postfix {known.deprecated}{instead}"
    if known.removed is not None:
        yield f"removed in Postfix {known.removed}"
    if known.read_by:
        readers = sorted(known.read_by)
        yield "read by " + ("every program" if "*" in readers else ", ".join(readers))
    rules = [rule.id for rule in registry.rules.values() if known.name in rule.parameters]
    if rules:
        more = ", …" if len(rules) > _MOST_RULES else ""
        yield f"rules: {', '.join(rules[:_MOST_RULES])}{more}"


_ARGUMENTS = {
    "digits": "a number",
    "policy": "a policy server `TRANSPORT:ENDPOINT`",
    "table": "a table `TYPE:NAME`",
    "dnsbl": "a DNS list `DOMAIN[=FILTER]`",
}


def restriction(name: str) -> str | None:
    """The facts about a word of an smtpd access list; None: there is no such restriction."""
    fact = vocabulary.restriction(name)
    if fact is None:
        return None
    facts = []
    if fact.effect:
        facts.append(fact.effect)
    if fact.argument:
        facts.append(f"takes {_ARGUMENTS[fact.argument]}")
    if fact.needs:
        facts.append(f"does nothing before the {fact.needs} is known")
    if fact.since.release is not None:
        facts.append(f"since Postfix {fact.since.release}")
    if fact.deprecated is not None:
        facts.append(f"deprecated since Postfix {fact.deprecated}")
    if fact.until is not None:
        facts.append(f"refused from Postfix {fact.until} on")
    if fact.replacement:
        facts.append(f"instead: {', '.join(map(code, fact.replacement))}")
    lines = "\n".join(f"- {line}" for line in facts)
    return f"**{fact.name}**, restriction of smtpd\n\n{lines}\n\n[postconf(5)]({MANUAL}#{fact.name})"


_NAMES = {
    "index": "the source of a compiled index (postmap)",
    "text": "a text file that is read at start",
    "client": "a file with the settings of a database client, or the prefix of such parameters",
    "endpoint": "a server that is asked",
    "tables": "other tables",
    "value": "the value itself",
    "map": "the name of a map of the system",
    "none": "nothing that is read",
}


def table_type(name: str) -> str | None:
    """The facts about a type of lookup table; None: there is no such type."""
    known = vocabulary.table_types().get(name)
    if known is None:
        return None
    facts = [f"{code(f'{name}:NAME')}, where NAME is {_NAMES[known.name]}"]
    if known.extension:
        facts.append(f"the index is NAME{known.extension}")
    if known.package:
        facts.append(f"Debian's package {known.package}")
    if known.since.release is not None:
        facts.append(f"since Postfix {known.since.release}")
    lines = "\n".join(f"- {line}" for line in facts)
    return f"**{name}**, type of lookup table\n\n{lines}"


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
