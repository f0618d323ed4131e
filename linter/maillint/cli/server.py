"""``maillint server``: speak with an editor."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter

from . import FAILED

_EXAMPLES = """\
examples:
  maillint server            an editor starts it so, and speaks with it on standard input and output

The settings are those of `maillint check`: the nearest maillint.toml or pyproject.toml.
"""


def main(arguments: list[str]) -> int:
    """Run ``maillint server`` with *arguments*; returns the exit status."""
    make_parser().parse_args(arguments)
    try:
        from maillint.server.features import serve
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in ("pygls", "lsprotocol"):
            raise
        print(
            "maillint: the language server needs pygls, which is not installed; install maillint with it:"
            " pip install 'maillint[editor]'",
            file=sys.stderr,
        )
        return FAILED
    serve()
    return 0


def make_parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="maillint server",
        description="A language server for main.cf, master.cf and the tables beside them.",
        epilog=_EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--stdio", action="store_true", help="as it is done in any case")
    return parser
