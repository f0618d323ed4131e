"""The command line of ``maillint check``."""

from __future__ import annotations

import os
from argparse import SUPPRESS, ArgumentParser, ArgumentTypeError, Namespace, RawDescriptionHelpFormatter
from typing import Any

from maillint.engine.discovery import STDIN
from maillint.engine.settings import COMMAND_LINE, FLAG, KEYS, LISTS, Layer

from . import UsageError
from .online import add_options
from .output import COLORS, FORMATS

_EXAMPLES = """\
examples:
  maillint check                                    here and below
  maillint check /etc/postfix --postfix-version 3.7
  maillint check --select identity --ignore mydomain-mismatch
  maillint check --format concise --output json=report.json conf/
  git show HEAD:main.cf | maillint check --stdin-filename main.cf -
  maillint check --as /etc/postfix/main.cf /tmp/main.cf.new

exit status:
  0  nothing at the failure level (--fail-on)
  1  findings
  2  maillint could not do what was asked
"""


def parsed(arguments: list[str]) -> Namespace:
    """The options. Exits as argparse does; raises UsageError for those that cannot be followed together."""
    options = make_parser().parse_args(arguments)
    _check_consistency(options)
    return options


def make_parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="maillint check",
        description="Judge Postfix configurations: whole directories, single files, or fragments of main.cf.",
        epilog=_EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add(
        "paths",
        nargs="*",
        default=["."],
        metavar="PATH",
        help="a file or directory (default: here); - is stdin",
    )
    add("--stdin-filename", default="main.cf", metavar="NAME", help="the file that stdin stands for")
    add(
        "--as", dest="stands_for", metavar="NAME",
        help="the file that PATH is to become: main.cf, or with what lies beside it, as /etc/postfix/main.cf",
    )  # fmt: skip
    add(
        "--format",
        choices=FORMATS,
        help="how to print the findings (default: text; in GitHub Actions github, in Azure Pipelines azure)",
    )
    add(
        "--statistics",
        dest="format",
        action="store_const",
        const="statistics",
        help="print how often each rule found something",
    )
    add(
        "--output", action="append", default=[], metavar="FORMAT=FILE",
        help="write another report to a file; may be repeated",
    )  # fmt: skip
    add("--color", choices=COLORS, default="auto", help="colour the text (default: auto)")
    settings = parser.add_argument_group(
        "settings", "Each is also a key of [tool.maillint] in pyproject.toml."
    )
    for key in KEYS:
        if key.option and key.kind is FLAG:
            settings.add_argument(f"--{key.name}", action="store_const", const=True, help=key.help)
        elif key.option:
            settings.add_argument(
                f"--{key.name}",
                action="append" if key.kind in LISTS else "store",
                metavar=key.metavar or None,
                choices=key.choices or None,
                help=key.help + (f" (default: {key.default})" if key.default else ""),
            )
    add_options(parser)
    add("--fetch-policies", action="store_true", help="with --online: fetch MTA-STS policies over HTTPS")
    add("--fix", action="store_true", help="make the safe fixes in the files; of stdin, print the result")
    add("--unsafe-fixes", action="store_true", help="make those too that may change what Postfix does")
    add("--diff", action="store_true", help="show what --fix would change, as a patch, and change nothing")
    add("--update-baseline", action="store_true", help="write what is found now to the file of --baseline")
    add("--add-ignores", metavar="REASON", help="silence what is found, by comments that tell the REASON")
    add("--no-ignores", action="store_true", help="let no comment silence a finding")
    add(
        "--jobs",
        type=_positive,
        metavar="N",
        help="how many processes to use (default: as many as it is worth)",
    )
    add("--debug", action="store_true", help=SUPPRESS)
    return parser


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"'{text}' is not a number above 0")
    return int(text)


def _check_consistency(options: Namespace) -> None:
    """Raises UsageError for options that cannot be followed together."""
    fixes = options.fix or options.diff
    if options.unsafe_fixes and not fixes:
        raise UsageError("--unsafe-fixes: with --fix makes them too, with --diff shows them")
    if fixes and (options.add_ignores is not None or options.update_baseline):
        raise UsageError("--fix and --diff: first mend, then silence what is left")
    if STDIN in options.paths and fixes and len(options.paths) > 1:
        raise UsageError(
            "--fix and --diff: standard input must be alone, because the result goes to standard output"
        )
    if options.stands_for is not None:
        _check_stand_in(options)
    if options.add_ignores is not None:
        from .add_ignores import checked_reason

        options.add_ignores = checked_reason(options.add_ignores)
        if STDIN in options.paths:
            raise UsageError("--add-ignores changes files, and standard input is none")
        if options.update_baseline:
            raise UsageError("--add-ignores and --update-baseline: one of them is enough")


def _check_stand_in(options: Namespace) -> None:
    if len(options.paths) != 1 or STDIN in options.paths:
        raise UsageError(
            "--as says what one file stands for: name that file alone; for standard input, --stdin-filename"
        )
    if not os.path.basename(options.stands_for) or os.path.isdir(options.stands_for):
        raise UsageError(f"--as {options.stands_for}: name a file, such as main.cf")
    if options.fix or options.add_ignores is not None:
        raise UsageError("--as judges a file that is to become another, and changes neither; try --diff")


def layer(options: Namespace) -> Layer:
    """The settings that the command line gives. A list may be repeated, and separated by commas."""
    values: dict[str, Any] = {}
    for key in KEYS:
        value = getattr(options, key.name.replace("-", "_"), None)
        if value is not None:
            values[key.name] = (
                [word.strip() for text in value for word in text.split(",") if word.strip()]
                if key.kind in LISTS
                else value
            )
    return Layer(values, COMMAND_LINE)
