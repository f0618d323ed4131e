"""``maillint explain``: the pages of rules, and of the words of Postfix."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from typing import TYPE_CHECKING

from maillint.engine.discovery import Target
from maillint.engine.plan import Planner
from maillint.engine.registry import Registry, RegistryError
from maillint.engine.settings import COMMAND_LINE, Layer, SettingsError
from maillint.postfix.configuration import ConfigurationError, files_in
from maillint.report.words.explanation import Explainer

from . import FAILED
from .output import COLORS, in_color

if TYPE_CHECKING:
    from argparse import Namespace

    from maillint.engine.result import Problem
    from maillint.postfix.configuration import Configuration

_EXAMPLES = """\
examples:
  maillint explain myorigin-unset                       a rule
  maillint explain myorigin                             a parameter
  maillint explain --config /etc/postfix relayhost      ... with its value there, and where it was set
  maillint explain permit_mynetworks                    a restriction of smtpd
  maillint explain cleanup                              a program of master.cf, or a service
  maillint explain lmdb                                 a type of lookup table
"""

_WIDEST = 100
_NARROWEST = 20


def main(arguments: list[str]) -> int:
    """Run ``maillint explain`` with *arguments*; returns the exit status."""
    options = make_parser().parse_args(arguments)
    try:
        explainer = _explainer(options)
        pages = explainer.pages(options.name)
        if not pages:
            raise RegistryError(f"nothing is called {options.name!r}{_hint(options.name, explainer)}")
    except (SettingsError, RegistryError, ConfigurationError) as error:
        print(f"maillint: {error}", file=sys.stderr)
        return FAILED
    _print("\n\n---\n\n".join(pages), options.color)
    return 0


def make_parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="maillint explain",
        description="Explain a rule, or a word of Postfix: what it is, does and takes, and what it is here.",
        epilog=_EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add(
        "name", metavar="NAME",
        help="a rule, a parameter, a restriction, a program or service of master.cf, a type of lookup table",
    )  # fmt: skip
    add(
        "--config", metavar="DIR",
        help="tell what it is in the configuration there (default: here, if there is a main.cf)",
    )  # fmt: skip
    add("--postfix-version", metavar="VERSION", help="the Postfix whose facts count")
    add("--color", choices=COLORS, default="auto", help="colour the page (default: auto)")
    return parser


def _explainer(options: Namespace) -> Explainer:
    """Raises SettingsError, and ConfigurationError for a directory that was named and cannot be read."""
    directory = options.config or "."
    given = {} if options.postfix_version is None else {"postfix-version": options.postfix_version}
    plan = Planner(Layer(given, COMMAND_LINE)).plan(directory)
    config: Configuration | None = None
    if options.config is not None or os.path.lexists("main.cf"):
        from maillint.engine.run import read

        problems: list[Problem] = []
        config = read(Target(directory, *files_in(directory)), plan, problems)
        if config is None or problems:
            raise ConfigurationError(problems[0].path, problems[0].message)
    return Explainer(plan.registry, config, plan.settings.get("postfix-version"))


def _hint(name: str, explainer: Explainer) -> str:
    from maillint.nearest import nearest

    registry: Registry = explainer.registry
    if name in registry.areas:
        return f"; it is an area: see 'maillint rules {name}'"
    near = nearest(name, dict.fromkeys(explainer.names()))
    return f"; did you mean {near}?" if near else ""


def _print(page: str, color: str) -> None:
    """Print *page* for people on a terminal, or in colour; else as it is."""
    paints = in_color(sys.stdout, color)
    if not (paints or sys.stdout.isatty()):
        print(page)
        return
    from shutil import get_terminal_size

    from maillint.report.terminal import rendered

    width = max(_NARROWEST, min(get_terminal_size().columns, _WIDEST))
    print(rendered(page, width=width, color=paints), end="")
