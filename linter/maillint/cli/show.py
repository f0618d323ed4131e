"""``maillint show``: the effective parameters, as postconf(1) prints them."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from typing import TYPE_CHECKING

from maillint.postfix.configuration import ConfigurationError, load_directory
from maillint.postfix.postconf import RefusalError, defaults, in_force, options
from maillint.postfix.version import Version

from . import FAILED

if TYPE_CHECKING:
    from argparse import Namespace

    from maillint.postfix.configuration import Configuration

_EXAMPLES = """\
examples:
  maillint show /etc/postfix              what main.cf sets
  maillint show --expand                  the same, with $name filled in
  maillint show --defaults --postfix-version 3.7
  maillint show --service submission/inet
  maillint show --relay                   who may send mail where, and what decides it
"""

_LONGEST = 500
"""A message may quote a value, and a value may have any length."""


def main(arguments: list[str]) -> int:
    """Run ``maillint show`` with *arguments*; returns the exit status."""
    parser = _parser()
    request = parser.parse_args(arguments)
    if request.relay and request.expand:
        parser.error("argument --relay: not allowed with argument --expand")
    try:
        configuration = _load(request)
        if request.relay:
            from . import show_relay

            _write(getattr(show_relay, f"as_{request.format}")(configuration))
            return 0
        values = _values(configuration, request)
    except ConfigurationError as error:
        return _fail(str(error))
    except RefusalError as refusal:
        return _fail(_place(refusal) + refusal.message)
    except KeyError:
        return _fail(f"{request.directory}: there is no service {request.service} in master.cf")
    _print(values, request.format)
    return 0


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="maillint show",
        description="Print the parameters that main.cf sets, as 'postconf -n' would on this host.",
        epilog=_EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("directory", nargs="?", default=".", metavar="DIR", help="where main.cf is (default: here)")
    add("--expand", action="store_true", help="fill in $name, like 'postconf -x'")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--defaults", action="store_true", help="all parameters with their defaults")
    what.add_argument("--service", metavar="NAME/TYPE", help="the -o options of a master.cf service")
    what.add_argument("--relay", action="store_true", help="who may send mail where, and what decides it")
    add("--format", choices=("text", "json"), default="text", help="how to print (default: text)")
    add("--postfix-version", type=_version, metavar="VERSION", help="the Postfix to read like")
    add("--hostname", metavar="NAME", help="the name of the host (default: that of this one)")
    return parser


def _version(text: str) -> Version:
    from argparse import ArgumentTypeError

    try:
        return Version(text)
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from error


def _load(request: Namespace) -> Configuration:
    from maillint.postfix.host import Host

    host = Host()
    return load_directory(
        request.directory,
        version=request.postfix_version,
        hostname=request.hostname or host.name(),
        host=host,
    )


def _values(configuration: Configuration, request: Namespace) -> dict[str, str]:
    if request.defaults:
        return defaults(configuration, request.expand)
    if request.service:
        return options(configuration, request.service, request.expand)
    return in_force(configuration, request.expand)


def _place(refusal: RefusalError) -> str:
    if refusal.location is None:
        return ""
    start = refusal.location.start
    return f"{refusal.location.source.path}:{start.line}:{start.column}: "


def _fail(message: str) -> int:
    shown = message if len(message) <= _LONGEST else message[:_LONGEST] + "…"
    print(f"maillint: {shown}", file=sys.stderr)
    return FAILED


def _print(values: dict[str, str], form: str) -> None:
    if form == "json":
        import json

        text = json.dumps({"version": 1, "parameters": values}, indent=2) + "\n"
    else:
        text = as_text(values)
    _write(text)


def _write(text: str) -> None:
    # Bytes that are no UTF-8 go out as they came in, whatever the locale says.
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape"))


def as_text(values: dict[str, str]) -> str:
    """One ``name = value`` a line, as postconf(1) prints them."""
    return "".join(f"{name} = {value}".rstrip(" ") + "\n" for name, value in values.items())
