"""``maillint rules``: list all rules."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter

from maillint.engine.plan import Planner
from maillint.engine.registry import Registry, RegistryError
from maillint.engine.settings import COMMAND_LINE, Layer, SettingsError

from . import FAILED

_EXAMPLES = """\
examples:
  maillint rules
  maillint rules identity online
  maillint rules --format json
"""


def main(arguments: list[str]) -> int:
    """Run ``maillint rules`` with *arguments*; returns the exit status."""
    parser = ArgumentParser(
        prog="maillint rules",
        description="List the rules: the built-in ones, and those of the plug-ins in the settings file.",
        epilog=_EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="list only this rule, or the rules of this area"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="(default: text)")
    options = parser.parse_args(arguments)
    try:
        registry = installed()
        chosen = registry.matching(options.names or registry.rules)
    except (SettingsError, RegistryError) as error:
        print(f"maillint: {error}", file=sys.stderr)
        return FAILED
    listing = _json if options.format == "json" else _text
    sys.stdout.write(listing(Registry(rule for rule in registry.rules.values() if rule.id in chosen)))
    return 0


def installed() -> Registry:
    """The rules that ``maillint check`` would know here. Raises SettingsError."""
    return Planner(Layer({}, COMMAND_LINE)).plan(".").registry


def _text(registry: Registry) -> str:
    width = max(map(len, registry.rules))
    lines = []
    for area in sorted(registry.areas):
        lines.append(f"{area}:")
        for rule in registry.rules.values():
            if rule.area == area:
                needs = " (needs --online)" if rule.online else "" if rule.default else " (off by default)"
                lines.append(f"  {rule.id:{width}}  {rule.severity:7}  {rule.summary}{needs}")
        lines.append("")
    return "\n".join(lines)


def _json(registry: Registry) -> str:
    import json

    rules = [
        {
            "id": rule.id,
            "area": rule.area,
            "severity": rule.severity,
            "summary": rule.summary,
            "parameters": rule.parameters,
            "online": rule.online,
            "security": rule.security,
            "default": rule.default,
        }
        for rule in registry.rules.values()
    ]
    return json.dumps({"version": 1, "rules": rules}, indent=2) + "\n"
