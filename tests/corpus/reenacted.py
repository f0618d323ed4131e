"""What the real Postfix does with the piece of a real configuration that a finding is about.

The settings at fault and those that they refer to, or the entry of master.cf, are put into the lab's base
configuration, and every program that the finding speaks of is made to work.
What Postfix then complains of, and does not without them, either confirms the finding or contradicts it.
"""

import pwd
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import NamedTuple

from lab.postfix import SERVICES, Postfix
from lab.witness import plain
from maillint.engine.finding import Finding
from maillint.postfix.vocabulary import programs
from maillint.syntax.main_cf import parse_main_cf
from maillint.syntax.master_cf import parse_master_cf
from maillint.syntax.source import Source
from maillint.syntax.tree import MainCf, MasterCf, Service, Setting

from .judged import RealConfiguration

AGENTS = frozenset({"discard", "error", "lmtp", "local", "pipe", "smtp", "virtual"})
"""The programs that deliver mail when a transport of that name is chosen."""

RECIPIENT = "user@lab.example.com"

_LAB_TRANSPORTS = frozenset(f"{program}:" for program in AGENTS) | {"smtp:[127.0.0.1]:1"}
_COMPLAINT = re.compile(r"\b(warning|error|fatal|panic): ")
_PATIENCE = 5.0
"""How long to wait for the client, in seconds."""
_SILENCE = 0.3
"""How long to wait for more words of the log."""
_ALWAYS_TRUE = "permit_inet_interfaces"
"""On loopback every client has an address of this host, whatever XCLIENT says."""
_TEXT_TABLES = ("cidr", "pcre", "regexp", "texthash")
_LISTS_SERVICES = "no service"
_BASE = """\
smtpd_authorized_xclient_hosts = 127.0.0.1
virtual_mailbox_base = /nonexistent
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
"""
"""What lets a client pretend to be another, and virtual(8) live."""
_STRANGER = "XCLIENT NAME=client.example.net REVERSE_NAME=client.example.net ADDR=198.51.100.7"
"""The client is none of the own network, for which restriction lists often end early."""
_CHATTER = re.compile("required alias not found|overriding earlier entry")


class Piece(NamedTuple):
    """The part of a real configuration that a finding is about, made fit for the lab."""

    main: str
    master: str
    services: str
    """The services of the lab beside it."""
    transports: tuple[str, ...]
    """The transports that must deliver for the programs in question to be started."""
    runs_postfix: bool
    """Whether postfix(1) itself is in question."""


class Reenactment(NamedTuple):
    """What came of it."""

    said: tuple[str, ...]
    """What Postfix complained of, in the log or as reply, and does not without the piece."""

    def confirms(self, finding: Finding) -> bool:
        """Whether Postfix does what the finding says: it dies, refuses with 451, or at least complains."""
        if "fatal error" in finding.message:
            return any("fatal: " in line for line in self.said)
        if "`451" in finding.message:
            return any(line.startswith("451") for line in self.said)
        return bool(self.said)


def reenact(configuration: RealConfiguration, finding: Finding) -> Reenactment:
    """Put the piece that *finding* is about into a real Postfix, or give the table to postmap(1)."""
    if finding.location.source.path not in map(str, (configuration.main, configuration.master)):
        return Reenactment(tuple(_said_of_table(configuration, finding)))
    part = piece(configuration, finding)
    own = tuple(name for name in part.transports if name in _LAB_TRANSPORTS)
    return Reenactment(tuple(line for line in _said(part) if line not in _usual(own)))


@cache
def _usual(transports: tuple[str, ...]) -> frozenset[str]:
    """What the lab's base configuration makes Postfix say when mail goes to *transports*."""
    return frozenset(_said(Piece(_mapped(transports), "", SERVICES, transports, True)))


def _said(part: Piece) -> list[str]:
    replies: list[str] = []
    with Postfix(_BASE + part.main, part.master, services=part.services) as postfix:
        # A client that waits for a dead server must not hold up what the log says already.
        client = Thread(target=_visit, args=(postfix, part, replies))
        client.start()
        deadline = time.monotonic() + _PATIENCE
        while client.is_alive() and time.monotonic() < deadline:
            if postfix.said(": fatal: ", timeout=0.05):
                client.join(_SILENCE)
                break
        postfix.said("$^", timeout=_SILENCE)
        lines = [plain(line, postfix.directory) for line in postfix.log]
    client.join()
    complaints = [line for line in lines if _COMPLAINT.search(line) and not _CHATTER.search(line)]
    complaints += [line for line in lines if "status=deferred" in line]
    return [_steady(line) for line in (*complaints, *replies) if not re.match(r"$|2\d\d |accepted", line)]


def _visit(postfix: Postfix, part: Piece, replies: list[str]) -> None:
    """Make the programs work that the piece is for."""
    if part.runs_postfix:
        replies += _run_postfix(postfix)
    if not postfix.running:
        return
    for port in (postfix.port, postfix.port2) if "@PORT2@" in part.master else (postfix.port,):
        replies += _try_as_stranger(postfix, port)
        if "tls" in part.main + part.master:
            replies.append(postfix.start_tls(port))
    if part.transports:
        recipients = [f"{box}@lab.example.com" for box in _mailboxes(part.transports)]
        replies.append(postfix.deliver([*recipients, *(f"second-{box}" for box in recipients)]))
        postfix.said(r"fatal:|removed$", timeout=2)


def _try_as_stranger(postfix: Postfix, port: int) -> list[str]:
    """The replies to RCPT TO of a client in the neighbourhood, of one from far away, and of a user there."""
    return [
        postfix.try_recipient(RECIPIENT, port=port),
        postfix.try_recipient(RECIPIENT, port=port, xclient=_STRANGER),
        postfix.try_recipient(RECIPIENT, port=port, xclient=f"{_STRANGER} LOGIN=user"),
    ]


def _steady(line: str) -> str:
    """A line without what is different every time."""
    return re.sub(r"\b\d{4,}\b|maillint-lab-\w+|\b[0-9A-F]{10,}:|delays?=\S+", "...", line)


def _said_of_table(configuration: RealConfiguration, finding: Finding) -> list[str]:
    """What postmap or postalias says of the line of a table that *finding* is about."""
    path = Path(finding.location.source.path)
    named = re.search(
        rf"(\w+):\S*{re.escape(path.name)}", configuration.files["main.cf"].decode("utf-8", "replace")
    )
    kind = named[1] if named is not None else "hash"
    with TemporaryDirectory(prefix="maillint-lab-") as directory:
        table = shutil.copy(path, directory)
        kind, query = (kind, ["-q", "key@example.com"]) if kind in _TEXT_TABLES else ("lmdb", [])
        command = "postalias" if "postalias" in finding.message else "postmap"
        answer = subprocess.run(
            [f"/usr/sbin/{command}", *query, f"{kind}:{table}"], capture_output=True, timeout=30
        )
    said = answer.stderr.decode("utf-8", "replace").splitlines()
    return [line for line in said if f"line {finding.location.start.line}:" in line]


def _run_postfix(postfix: Postfix) -> list[str]:
    command = ["/usr/sbin/postfix", "-c", str(postfix.directory / "etc"), "status"]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    return [line for line in answer.stderr.splitlines() if _COMPLAINT.search(line)]


def _mailboxes(transports: tuple[str, ...]) -> list[str]:
    return [f"t{number}" for number, _ in enumerate(transports)]


def piece(configuration: RealConfiguration, finding: Finding) -> Piece:
    """Cut the piece out."""
    files = configuration.files
    main = parse_main_cf(Source.from_bytes("main.cf", files["main.cf"]))
    master = parse_master_cf(Source.from_bytes("master.cf", files["master.cf"]))
    entries = list(_entries(configuration, finding, master))
    settings = _settings(main, entries, _names(main, finding))
    transports = dict.fromkeys(_transports(main, finding, entries))
    text = "".join(f"{line}\n" for line in settings)
    if "transport_maps" not in text:
        text += _mapped(tuple(transports))
    return Piece(
        text.replace("/etc/postfix/", "@DIR@/etc/").replace(_ALWAYS_TRUE, ""),
        "".join(_runnable(entry) for entry in entries),
        _services_beside(finding),
        tuple(transports),
        "`postfix`" in finding.message,
    )


def _mapped(transports: tuple[str, ...]) -> str:
    """The setting that sends two mailboxes to each transport."""
    pairs = zip(_mailboxes(transports), transports, strict=True)
    rules = [
        f"{{ {prefix}{box}@lab.example.com = {transport} }}"
        for box, transport in pairs
        for prefix in ("", "second-")
    ]
    return f"transport_maps = inline:{{ {' '.join(rules)} }}\n" if rules else ""


def _entries(configuration: RealConfiguration, finding: Finding, master: MasterCf) -> Iterator[Service]:
    """The entries of master.cf at fault, and the one that is named as transport."""
    own = finding.location.source.path == str(configuration.master)
    named = _transport_at_fault(finding)
    for service in master.services:
        if (own and service.id in finding.services) or service.name == named:
            yield service


def _transport_at_fault(finding: Finding) -> str:
    """Of a parameter that is a transport, the part at fault."""
    return finding.location.text if (finding.parameter or "").endswith("_transport") else ""


def _names(main: MainCf, finding: Finding) -> set[str]:
    """The parameters at fault: named by the finding, or on related lines."""
    names = {finding.parameter or ""}
    places = [related.location for related in finding.related]
    names |= {
        setting.name
        for setting in main.settings
        for place in places
        if setting.span.start <= place.span.start < setting.span.end
    }
    names |= set(re.findall(r"`(\w+_\w+)`", finding.message))
    return names


def _settings(main: MainCf, entries: list[Service], names: set[str]) -> Iterator[str]:
    """The lines of main.cf that set one of *names*, or what these refer to."""
    known = {setting.name: setting for setting in main.settings}
    waiting, seen = [known[name] for name in sorted(names & known.keys())], set[str]()
    texts = [option.value.text for entry in entries for option in entry.options]
    waiting += [known[name] for text in texts for name in _references(text) if name in known]
    found: list[Setting] = []
    while waiting:
        setting = waiting.pop()
        if setting.name in seen:
            continue
        seen.add(setting.name)
        found.append(setting)
        waiting += [known[name] for name in _references(setting.value.text) if name in known]
    for setting in found:
        yield f"{setting.name} = {setting.value.text}"


def _references(text: str) -> list[str]:
    return re.findall(r"\$[{(]?(\w+)", text)


def _transports(main: MainCf, finding: Finding, entries: list[Service]) -> Iterator[str]:
    """The transports that start the programs that the finding speaks of."""
    setting = next((found for found in main.settings if found.name == finding.parameter), None)
    if setting is not None and _transport_at_fault(finding):
        yield setting.value.text
    for entry in entries:
        if entry.type == "unix" and (entry.command in AGENTS or entry.command not in programs()):
            yield f"{entry.name}:"
    spoken = set(re.findall(r"`(\w+)`", finding.message))
    for program in sorted(spoken & AGENTS - {"pipe"}):
        yield f"{program}:"
    if _LISTS_SERVICES in finding.message:
        yield from ("local:", "smtp:[127.0.0.1]:1")


def _services_beside(finding: Finding) -> str:
    """The services of the lab, without those that the finding misses."""
    _, _, missing = finding.message.partition(_LISTS_SERVICES)
    names = set(re.findall(r"`(\S+?)`", missing))
    return "".join(line for line in SERVICES.splitlines(keepends=True) if line.split()[0] not in names)


def _runnable(entry: Service) -> str:
    """The entry on a port of the lab, not in a chroot, and as a user that exists here."""
    fields = [field.text for field in entry.fields]
    if fields[1] == "inet":
        fields[0] = "127.0.0.1:@PORT2@"
    if fields[4] == "y":
        fields[4] = "n"
    words = [re.sub(r"^user=(\S+)", _existing_user, argument.text) for argument in entry.arguments]
    return " ".join([*fields, *words]) + "\n"


def _existing_user(found: re.Match[str]) -> str:
    name = found[1].partition(":")[0]
    try:
        pwd.getpwnam(name)
    except KeyError:
        return "user=nobody"
    return found[0]
