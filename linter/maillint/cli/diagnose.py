"""``maillint diagnose``: from a bounce in the mail log to its cause."""

from __future__ import annotations

import re
import sys
import time
from argparse import ArgumentParser, ArgumentTypeError, Namespace, RawDescriptionHelpFormatter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from maillint.engine.discovery import Target, discover
from maillint.engine.settings import SettingsError
from maillint.log.diagnose import diagnose
from maillint.log.explain import Verdict, explain
from maillint.log.outcomes import domain_of
from maillint.postfix.configuration import ConfigurationError

from . import FAILED, UsageError
from .online import Online, add_options

if TYPE_CHECKING:
    from maillint.dns.answer import Lookup
    from maillint.log.diagnose import Diagnosis
    from maillint.log.explain import Explanation

_EXAMPLES = """\
examples:
  maillint diagnose /var/log/mail.log
  maillint diagnose --config /etc/postfix --online /var/log/mail.log*
  journalctl -o short-iso -t postfix/smtp --since today | maillint diagnose -
  maillint diagnose --since 24h --redact --format json /var/log/mail.log

The log may be syslog's, in its old and new forms, journalctl's (-o short, json, cat), or maillog_file;
plain, or compressed with gzip, xz, bzip2 or zstd.

exit status:
  0  nothing has failed
  1  failures were found
  2  maillint could not do what was asked
"""

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}


def main(arguments: list[str]) -> int:
    """Run ``maillint diagnose`` with *arguments*; returns the exit status."""
    options = make_parser().parse_args(arguments)
    try:
        target = _target(options.config) if options.config is not None else None
        online = Online(options.online, options.dns_record, options.dns_replay)
        diagnosis = diagnose(options.logs, options.since)
        explanation = explain(diagnosis, target, _values(options), _Dns(online))
        online.finish()
    except (SettingsError, UsageError, ConfigurationError) as error:
        print(f"maillint: {error}", file=sys.stderr)
        return FAILED
    problems = [
        *diagnosis.errors,
        *map(str, (*explanation.problems, *online.problems)),
        *_not_a_log(diagnosis),
    ]
    for problem in problems:
        print(f"maillint: {problem}", file=sys.stderr)
    _write(diagnosis, explanation, options)
    if problems:
        return FAILED
    return 1 if diagnosis.has_failures else 0


class _Dns:
    """What *online* gives, for the reading of the log."""

    def __init__(self, online: Online) -> None:
        self.lookup = online.lookup

    def spf(self, asked: object, address: str, sender: str, helo: str) -> Verdict:
        from maillint.dns.spf_check import check_host

        dns = cast("Lookup", asked)
        verdict = check_host(dns, address, sender, helo or "unknown", domain=domain_of(sender))
        return Verdict(verdict.result, verdict.reason)


def _write(diagnosis: Diagnosis, explanation: Explanation, options: Namespace) -> None:
    from maillint.log.redact import Masker

    masker = Masker() if options.redact else None
    if options.format == "json":
        from maillint.report import diagnosis_json

        diagnosis_json.write(diagnosis, explanation, sys.stdout, masker)
    else:
        from maillint.report import diagnosis_text

        diagnosis_text.write(diagnosis, explanation, sys.stdout, masker, all=options.all)


def _not_a_log(diagnosis: Diagnosis) -> list[str]:
    if (
        diagnosis.errors
        or not diagnosis.lines
        or diagnosis.sent
        or diagnosis.understood
        or diagnosis.is_postfix
    ):
        return []
    names = ", ".join(diagnosis.paths)
    return [f"{names}: no line is one of Postfix's log, in any form that maillint knows (--help lists them)"]


def _target(path: str) -> Target:
    """The configuration at *path*, a directory or one of its files. Raises ConfigurationError, UsageError."""
    found = list(discover([path]))
    if len(found) != 1:
        raise UsageError(f"--config {path}: there are several configurations; name one")
    if isinstance(found[0], ConfigurationError):
        raise found[0]
    return found[0]


def _values(options: Namespace) -> dict[str, Any]:
    """The settings of the command line."""
    values: dict[str, Any] = {}
    for name in ("postfix_version", "hostname", "resolver"):
        if (value := getattr(options, name)) is not None:
            values[name.replace("_", "-")] = value
    for name in ("public_ip", "zone", "role"):
        words = [word.strip() for text in getattr(options, name) for word in text.split(",")]
        if words:
            values[name.replace("_", "-")] = words
    return values


def make_parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="maillint diagnose",
        description="Read Postfix's log, and tell what has failed, why, and what to do about it.",
        epilog=_EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add(
        "logs",
        nargs="+",
        metavar="LOG",
        help="a log file; - is standard input; several are read in time order",
    )
    add(
        "--config",
        metavar="DIR",
        help="the configuration of the host that wrote the log, to find the cause in it",
    )
    add(
        "--since",
        type=_since,
        metavar="TIME",
        help="leave out what is older: 24h, 7d, today, or '2025-03-04 10:00'",
    )
    add("--all", action="store_true", help="tell every cause in full, not only the most frequent")
    add("--redact", action="store_true", help="hide the parts of addresses before the @")
    add("--format", choices=("text", "json"), default="text", help="how to print (default: text)")
    add("--postfix-version", metavar="VERSION", help="the Postfix that reads the configuration")
    add("--hostname", metavar="NAME", help="the name that the host says it has (default: as the log shows)")
    add(
        "--public-ip", action="append", default=[], metavar="ADDR",
        help="an address that the Internet sees the host send from (default: as the log shows)",
    )  # fmt: skip
    add(
        "--role",
        action="append",
        default=[],
        metavar="NAME",
        help="what the host is, such as mx or send-only",
    )
    add("--resolver", metavar="ADDR[#PORT]", help="the name server to ask with --online")
    add(
        "--zone", action="append", default=[], metavar="FILE",
        help="a zone file that answers before the DNS is asked; may be repeated",
    )  # fmt: skip
    add_options(parser)
    return parser


def _since(text: str) -> float:
    """The time that *text* names, in seconds since 1970."""
    ago = re.fullmatch(r"(\d{1,9}) ?([smhdw])", text)
    if ago is not None:
        return time.time() - int(ago[1]) * _UNITS[ago[2]]
    midnight = datetime.now().replace(hour=0, minute=0, second=0, microsecond=0)
    days = {"today": 0, "yesterday": 1}
    if text in days:
        return (midnight - timedelta(days=days[text])).timestamp()
    try:
        return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
    except (ValueError, OverflowError, OSError):
        raise ArgumentTypeError(
            f"'{text}' is no time: write 24h, 7d, today, yesterday, 2025-03-04 or '2025-03-04 10:00'"
        ) from None
