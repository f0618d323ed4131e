"""``maillint rules``: list the rules."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, BooleanOptionalAction, RawDescriptionHelpFormatter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from maillint.engine.finding import SEVERITIES
from maillint.engine.plan import Planner
from maillint.engine.registry import Registry, RegistryError
from maillint.engine.settings import COMMAND_LINE, Layer, SettingsError

from . import FAILED

if TYPE_CHECKING:
    from argparse import Namespace

    from maillint.engine.rule import Rule

_EXAMPLES = """\
examples:
  maillint rules
  maillint rules identity online                     two areas
  maillint rules --parameter mydestination           what is said about a parameter
  maillint rules --severity error --fixable
  maillint rules --no-default                        those that run only when they are selected
  maillint rules --format json
"""

_FLAGS = {
    "online": "those that need --online (--no-online: those that do not)",
    "fixable": "those that have fixes",
    "security": "those about who may use the host, read the mail or learn a secret",
    "default": "those that run unless something else is said",
}
"""The properties of rules that can be asked for, and asked against."""


def main(arguments: list[str]) -> int:
    """Run ``maillint rules`` with *arguments*; returns the exit status."""
    options = make_parser().parse_args(arguments)
    try:
        registry = installed()
        found = list(_chosen(registry, options))
    except (SettingsError, RegistryError) as error:
        print(f"maillint: {error}", file=sys.stderr)
        return FAILED
    sys.stdout.write(_json(found) if options.format == "json" else _text(found))
    return 0


def make_parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="maillint rules",
        description="List the rules: the built-in ones, and those of the plug-ins in the settings file.",
        epilog=_EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("names", nargs="*", metavar="NAME", help="list only this rule, or the rules of this area")
    add("--severity", action="append", choices=SEVERITIES, help="only of this severity; may be repeated")
    add("--parameter", action="append", metavar="NAME", help="only those about it; may be repeated")
    for name, help in _FLAGS.items():
        add(f"--{name}", action=BooleanOptionalAction, help=f"only {help}")
    add("--format", choices=("text", "json"), default="text", help="(default: text)")
    return parser


def installed() -> Registry:
    """The rules that ``maillint check`` would know here. Raises SettingsError."""
    return Planner(Layer({}, COMMAND_LINE)).plan(".").registry


def _chosen(registry: Registry, options: Namespace) -> Iterator[Rule]:
    """Raises RegistryError for names that mean nothing."""
    named = registry.matching(options.names or registry.rules)
    for name in options.parameter or ():
        _check_parameter(name, registry)
    for rule in registry.rules.values():
        if (
            rule.id in named
            and (options.severity is None or rule.severity in options.severity)
            and (options.parameter is None or not set(rule.parameters).isdisjoint(options.parameter))
            and all(getattr(options, flag) in (None, getattr(rule, flag)) for flag in _FLAGS)
        ):
            yield rule


def _check_parameter(name: str, registry: Registry) -> None:
    """Raises RegistryError for a name that neither Postfix nor a rule knows."""
    from maillint.nearest import nearest
    from maillint.postfix import catalogue
    from maillint.postfix.version import NEWEST

    mentioned = {parameter for rule in registry.rules.values() for parameter in rule.parameters}
    if catalogue.parameter(name) is None and name not in mentioned:
        near = nearest(name, (*catalogue.names(NEWEST), *mentioned))
        raise RegistryError(f"there is no parameter {name!r}" + (f"; did you mean {near}?" if near else ""))


def _text(rules: list[Rule]) -> str:
    width = max((len(rule.id) for rule in rules), default=0)
    lines = []
    for area in sorted({rule.area for rule in rules}):
        lines.append(f"{area}:")
        for rule in rules:
            if rule.area == area:
                needs = " (needs --online)" if rule.online else "" if rule.default else " (off by default)"
                lines.append(f"  {rule.id:{width}}  {rule.severity:7}  {rule.summary}{needs}")
        lines.append("")
    return "\n".join(lines)


def _json(rules: list[Rule]) -> str:
    import json

    return json.dumps({"version": 1, "rules": [_object(rule) for rule in rules]}, indent=2) + "\n"


def _object(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "area": rule.area,
        "severity": rule.severity,
        "summary": rule.summary,
        "parameters": rule.parameters,
        "online": rule.online,
        "fixable": rule.fixable,
        "security": rule.security,
        "default": rule.default,
        "roles": rule.roles,
    }
