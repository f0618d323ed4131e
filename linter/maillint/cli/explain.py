"""``maillint explain``: the page of a rule, or the facts about a parameter."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from typing import TYPE_CHECKING

from maillint.engine.registry import Registry, RegistryError
from maillint.engine.settings import SettingsError
from maillint.postfix import catalogue
from maillint.postfix.version import NEWEST

from . import FAILED
from .rules import installed

if TYPE_CHECKING:
    from maillint.engine.rule import Rule
    from maillint.postfix.catalogue import Parameter

_EXAMPLES = """\
examples:
  maillint explain myorigin-unset
  maillint explain myorigin
"""

_TYPES = {
    "bool": "yes or no",
    "nbool": "yes or no; may be an expression",
    "int": "a whole number",
    "nint": "a whole number; may be an expression",
    "long": "a whole number",
    "time": "a time: a number with one of the units s, m, h, d, w",
    "str": "text",
    "raw": "text, in which $name is expanded only when it is used",
}


def main(arguments: list[str]) -> int:
    """Run ``maillint explain`` with *arguments*; returns the exit status."""
    parser = ArgumentParser(
        prog="maillint explain",
        description="Explain a rule (what happens, examples, when it is right) or a parameter.",
        epilog=_EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("name", metavar="NAME", help="the name of a rule or of a Postfix parameter")
    name: str = parser.parse_args(arguments).name
    try:
        registry = installed()
        if name in registry.rules:
            page = _rule_page(registry.rules[name], registry)
        else:
            parameter = catalogue.parameter(name)
            if parameter is None:
                raise RegistryError(f"there is no rule or parameter {name!r}{_hint(name, registry)}")
            page = _parameter_page(parameter, registry)
    except (SettingsError, RegistryError) as error:
        print(f"maillint: {error}", file=sys.stderr)
        return FAILED
    print(page)
    return 0


def _hint(name: str, registry: Registry) -> str:
    from maillint.nearest import nearest

    if name in registry.areas:
        return f"; it is an area: see 'maillint rules {name}'"
    near = nearest(name, registry.rules) or nearest(name, catalogue.names(NEWEST))
    return f"; did you mean {near}?" if near else ""


def _rule_page(rule: Rule, registry: Registry) -> str:
    facts = [rule.severity, f"area {rule.area}"]
    if not rule.default:
        facts.append("off by default")
    if rule.online:
        facts.append("needs --online")
    if rule.parameters:
        facts.append(f"about {', '.join(rule.parameters)}")
    return f"# {rule.id}\n\n{', '.join(facts)}\n\n{registry.page(rule).strip()}"


def _parameter_page(parameter: Parameter, registry: Registry) -> str:
    default = parameter.default
    facts = [
        ("type", _TYPES[parameter.type]),
        ("default", "depends on the host" if default is None else f"{default or '(empty)'}"),
        ("range", _range(parameter)),
        ("unit", f"{parameter.unit} when none is written" if parameter.unit else ""),
        ("words", ", ".join(parameter.words)),
        ("since", f"Postfix {parameter.introduced}" if parameter.introduced else ""),
        ("also in", ", ".join(map(str, parameter.backported))),
        ("deprecated", f"since Postfix {parameter.deprecated}" if parameter.deprecated else ""),
        ("removed", f"in Postfix {parameter.removed}" if parameter.removed else ""),
        ("instead", ", ".join(parameter.replacement)),
        ("read by", ", ".join(sorted(parameter.read_by)).replace("*", "every program")),
        (
            "rules",
            ", ".join(rule.id for rule in registry.rules.values() if parameter.name in rule.parameters),
        ),
        ("manual", f"https://www.postfix.org/postconf.5.html#{parameter.name}"),
    ]
    lines = [f"  {label:10}  {text}" for label, text in facts if text]
    return "\n".join([f"# {parameter.name}", "", *lines])


def _range(parameter: Parameter) -> str:
    """The bounds of the value; of texts, of their length."""
    least, most = parameter.minimum, parameter.maximum
    if least is None and most is None:
        return ""
    of_length = " characters" if parameter.type in ("str", "raw") else ""
    if most is None:
        return f"at least {least}{of_length}"
    if least is None:
        return f"at most {most}{of_length}"
    return f"{least} to {most}{of_length}"
