"""``maillint show``: the effective parameters, as postconf(1) prints them."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from typing import TYPE_CHECKING, Any

from maillint.engine.settings import COMMAND_LINE, Layer, SettingsError
from maillint.postfix.configuration import ConfigurationError, files_in, load_directory
from maillint.postfix.postconf import RefusalError, defaults, in_force, options
from maillint.postfix.version import Version

from . import FAILED, UsageError
from .online import Online, add_options

if TYPE_CHECKING:
    from argparse import Namespace

    from maillint.engine.result import Problem
    from maillint.postfix.configuration import Configuration

_EXAMPLES = """\
examples:
  maillint show /etc/postfix              what main.cf sets
  maillint show --expand                  the same, with $name filled in
  maillint show --defaults --postfix-version 3.7
  maillint show --service submission/inet
  maillint show --relay                   who may send mail where, and what decides it
  maillint show --role                    what the host is for, and what shows it
  maillint show --sender --online --public-ip 192.0.2.1
                                          who mail says it is from, and what the DNS makes of it
"""

_ANSWERS = ("relay", "role", "sender")
"""The options whose answers are no parameters; each is a module of this package."""

_CHECKED = ("role", "sender")
"""Those for which the files alone count, as for ``maillint check``."""

_LONGEST = 500
"""A message may quote a value, and a value may have any length."""


def main(arguments: list[str]) -> int:
    """Run ``maillint show`` with *arguments*; returns the exit status."""
    parser = make_parser()
    request = parser.parse_args(arguments)
    answer = next((name for name in _ANSWERS if getattr(request, name)), "")
    if answer and request.expand:
        parser.error(f"argument --{answer}: not allowed with argument --expand")
    for name in ("public_ip", "resolver", "zone", "online", "dns_record", "dns_replay"):
        if getattr(request, name) and answer != "sender":
            parser.error(f"argument --{name.replace('_', '-')}: only allowed with argument --sender")
    try:
        if request.settings:
            from . import show_settings

            _write(getattr(show_settings, f"as_{request.format}")(request.directory))
            return 0
        online = Online(request.online, request.dns_record, request.dns_replay)
        configuration = _as_checked(request, online) if answer in _CHECKED else _load(request)
        if answer:
            from importlib import import_module

            module = import_module(f"maillint.cli.show_{answer}")
            text = getattr(module, f"as_{request.format}")(configuration)
            online.finish()
            if online.problems:
                return _fail(str(online.problems[0]))
            _write(text)
            return 0
        values = _values(configuration, request)
    except (ConfigurationError, SettingsError, UsageError) as error:
        return _fail(str(error))
    except RefusalError as refusal:
        return _fail(_place(refusal) + refusal.message)
    except KeyError:
        return _fail(f"{request.directory}: there is no service {request.service} in master.cf")
    _print(values, request.format)
    return 0


def make_parser() -> ArgumentParser:
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
    what.add_argument("--role", action="store_true", help="what the host is for, and what shows it")
    what.add_argument("--sender", action="store_true", help="who mail says it is from, and how it leaves")
    what.add_argument(
        "--settings", action="store_true", help="what maillint's settings files say of DIR, or of a file"
    )
    add("--format", choices=("text", "json"), default="text", help="how to print (default: text)")
    add("--postfix-version", type=_version, metavar="VERSION", help="the Postfix to read like")
    add("--hostname", metavar="NAME", help="the name of the host (default: that of this one)")
    add(
        "--public-ip",
        action="append",
        default=[],
        metavar="ADDR",
        help="with --sender: an address that the Internet sees this host send from; may be repeated",
    )
    add("--resolver", metavar="ADDR[#PORT]", help="the name server to ask with --online")
    add(
        "--zone",
        action="append",
        default=[],
        metavar="FILE",
        help="with --sender: a zone file that answers before the DNS is asked; may be repeated",
    )
    add_options(parser, "with --sender: ")
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


def _as_checked(request: Namespace, online: Online) -> Configuration:
    """The configuration as ``maillint check`` takes it: its settings count, and nothing of this host."""
    from maillint.engine.discovery import Target
    from maillint.engine.plan import Planner
    from maillint.engine.run import read

    layer = Layer(
        {name: value for name, value in _given(request).items() if value not in (None, [])}, COMMAND_LINE
    )
    problems: list[Problem] = []
    target = Target(request.directory, *files_in(request.directory))
    plan = Planner(layer).plan(request.directory)
    plan.dns = online.lookup(plan.settings)
    if online.problems:
        raise UsageError(online.problems[0].message)
    configuration = read(target, plan, problems)
    if configuration is None or problems:
        raise ConfigurationError(problems[0].path, problems[0].message)
    return configuration


def _given(request: Namespace) -> dict[str, Any]:
    """The settings that the command line gives, and that of the host's name which stands for none."""
    version = request.postfix_version
    hostname = request.hostname
    if hostname is None and request.sender:
        from maillint.postfix.host import Host

        hostname = Host().name()
    return {
        "postfix-version": None if version is None else str(version),
        "hostname": hostname,
        "public-ip": [word for text in request.public_ip for word in text.replace(",", " ").split()],
        "zone": request.zone,
        "resolver": request.resolver,
    }


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
