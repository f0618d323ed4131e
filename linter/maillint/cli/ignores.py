"""``maillint ignores``: list the comments that silence findings, with their reasons."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from maillint.engine.discovery import discover
from maillint.engine.plan import Planner
from maillint.engine.run import check
from maillint.engine.settings import COMMAND_LINE, Layer, SettingsError
from maillint.postfix.configuration import ConfigurationError

from . import FAILED

if TYPE_CHECKING:
    from maillint.engine.suppression import Ignore

VERSION = 1


def main(arguments: list[str]) -> int:
    """Run ``maillint ignores`` with *arguments*; returns the exit status."""
    options = make_parser().parse_args(arguments)
    ignores: list[Ignore] = []
    status = 0
    try:
        for found in _ignores(options):
            if isinstance(found, str):
                print(f"maillint: {found}", file=sys.stderr)
                status = FAILED
            else:
                ignores.append(found)
    except SettingsError as error:
        print(f"maillint: {error}", file=sys.stderr)
        return FAILED
    if options.format == "json":
        import json

        json.dump(
            {"version": VERSION, "ignores": [_object(ignore) for ignore in ignores]}, sys.stdout, indent=2
        )
        print()
    else:
        for ignore in ignores:
            print(_line(ignore))
    return status


def make_parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="maillint ignores",
        description="List the comments that silence findings: the rule, how many findings, and the reason.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "paths", nargs="*", default=["."], metavar="PATH", help="a file or directory (default: here)"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="(default: text)")
    return parser


def _ignores(options: Namespace) -> Iterator[Ignore | str]:
    """The names in the comments of what the options name; a text for what cannot be read.

    Raises SettingsError.
    """
    planner = Planner(Layer({}, COMMAND_LINE))
    for target in discover(options.paths):
        if isinstance(target, ConfigurationError):
            yield str(target)
            continue
        place = target.directory, *target.files
        if planner.excludes(*place):
            continue
        outcome = check(target, planner.plan(*place))
        yield from outcome.ignores
        yield from map(str, outcome.problems)


def _line(ignore: Ignore) -> str:
    from maillint.report.quote import printable

    place = f"{printable(ignore.location.source.path)}:{ignore.location.start.line}"
    effect = f"silences {ignore.silenced or 'nothing'}"
    reason = printable(ignore.reason) if ignore.reason else "(no reason)"
    return f"{place}: {ignore.word}[{printable(ignore.name)}] {effect}: {reason}"


def _object(ignore: Ignore) -> dict[str, Any]:
    return {
        "path": ignore.location.source.path,
        "line": ignore.location.start.line,
        "end_line": None if ignore.end is None else ignore.end.location.start.line,
        "kind": ignore.word,
        "rule": ignore.name,
        "reason": ignore.reason,
        "silenced": ignore.silenced,
    }
