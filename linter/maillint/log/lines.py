"""One line of a log: when, where, which program of Postfix, and what it says.

The forms of syslog (RFC 3164, RFC 5424, and the headers that rsyslog, FreeBSD and journalctl write instead),
of ``journalctl -o json`` and ``-o cat``, and of Postfix's own ``maillog_file``, which is that of RFC 3164.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

from maillint.record import NamedTuple

_MONTHS = {
    name: number
    for number, name in enumerate(
        (b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"), 1
    )
}

_CLOCK = rb"(?P<%s>\d\d:\d\d:\d\d)(?:[.,]\d{1,9})?"
_OLD = (
    rb"(?:(?P<year1>\d{4}) )?(?P<month>[A-Z][a-z]{2}) {1,2}(?P<day>\d{1,2}) (?:(?P<year2>\d{4}) )?"
    + _CLOCK % b"clock"
)
_ISO = (
    rb"(?:[A-Z][a-z]{2} )?(?P<date>\d{4}-\d\d-\d\d)[T ]"
    + _CLOCK % b"time"
    + rb" ?(?P<zone>Z|[+-]\d\d:?\d\d|[A-Z]{3,5}(?= ))?"
)
_EPOCH = rb"(?P<epoch>\d{9,11})\.\d{1,9}"
_STAMP = re.compile(rb"(?:<\d{1,3}>(?P<rfc5424>1 )?)?(?:" + _OLD + b"|" + _ISO + b"|" + _EPOCH + rb") ")

_TAG = re.compile(
    rb"(?:<[\w.]{1,20}> )?(?P<host>\S{1,255}) (?P<name>[\w.+-]{1,64}(?:/[\w.+-]{1,64}){0,4}?)"
    rb"/(?P<process>[\w-]{1,32})(?:\[\d{1,10}\])?: (?P<text>.*)",
    re.DOTALL,
)
_TAG_5424 = re.compile(
    rb"(?P<host>\S{1,255}) (?P<name>[\w.+-]{1,64}(?:/[\w.+-]{1,64}){0,4}?)/(?P<process>[\w-]{1,32}) \S{1,128}"
    rb" \S{1,32} (?:-|(?:\[(?:[^\]\\]|\\.)*\])+) (?:\xef\xbb\xbf)?(?P<text>.*)",
    re.DOTALL,
)
_PROGRAM = re.compile(
    rb"(?:\w{1,20}/)*(?P<process>post\w{1,12}|sendmail|newaliases)(?:\[\d{1,10}\])?: (?P<text>.*)"
)
_LETTERS = rb"[0-9B-DF-HJ-NP-TV-Zb-df-hj-np-tv-z]"
_ID = rb"(?:[0-9A-F]{6,20}|" + _LETTERS + rb"{10,20}z" + _LETTERS + rb"{1,16})"
"""The two forms of a queue id: short and long (global/mail_queue.h)."""
_BARE = re.compile(rb"(?:" + _ID + rb"|NOQUEUE|warning|error|fatal|panic): .*", re.DOTALL)
_QUEUE_ID = re.compile(_ID.decode())

PROCESSES = frozenset((
    "anvil", "bounce", "cleanup", "discard", "dnsblog", "error", "flush", "lmtp", "local", "master", "nqmgr",
    "oqmgr", "pickup", "pipe", "postalias", "postcat", "postconf", "postdrop", "postfix", "postfix-script",
    "postfix-tls-script", "postfix-wrapper", "postkick", "postlock", "postlog", "postlogd", "postmap",
    "postmulti", "postqueue", "postscreen", "postsuper", "posttls-finger", "proxymap", "qmgr", "qmqpd",
    "scache", "sendmail", "showq", "smtp", "smtpd", "spawn", "tlsmgr", "tlsproxy", "trivial-rewrite",
    "verify", "virtual",
))  # fmt: skip
"""The programs of Postfix, as they call themselves in the log."""


class Time(NamedTuple):
    """A time as the log has it."""

    moment: datetime
    """With a zone where the log tells one."""
    has_year: bool
    """False: the log tells none, so that it is worked out."""

    @property
    def seconds(self) -> float:
        """Since 1970; a time without a zone is one of this machine."""
        return self.moment.timestamp()

    def __str__(self) -> str:
        form = "%Y-%m-%d %H:%M:%S" if self.has_year else "%b %d %H:%M:%S"
        return self.moment.strftime(form)


class Line(NamedTuple):
    """What one program of Postfix said."""

    time: Time | None
    host: str
    instance: str
    """What stands before the name of the program, such as ``postfix``, ``postfix-out/relay``."""
    process: str
    """The program, such as ``smtpd``; empty where the line does not tell (``journalctl -o cat``)."""
    text: str
    """Bytes that are not UTF-8 as surrogates."""

    @property
    def queue_id(self) -> str:
        """Of the message that it is about; empty where it is about none."""
        head, colon, _ = self.text[:40].partition(": ")
        return head if colon and is_queue_id(head) else ""


def is_queue_id(text: str) -> bool:
    return _QUEUE_ID.fullmatch(text) is not None


def has_tag(raw: bytes) -> bool:
    """Whether *raw* is of a form in which ``PROGRAM[NUMBER]: `` comes before the text."""
    stamp = _STAMP.match(raw)
    return stamp is not None and not stamp["rfc5424"]


class Reader:
    """Reads lines of one file, whose last line is not younger than *latest* (seconds since 1970)."""

    __slots__ = ("_latest",)

    def __init__(self, latest: float) -> None:
        # A day more: clocks and zones differ.
        self._latest = datetime.fromtimestamp(latest) + timedelta(days=1)

    def line(self, raw: bytes) -> Line | None:
        """The line in *raw*; None for one that is not Postfix's."""
        if raw[:1] == b"{":
            return self._journal(raw)
        stamp = _STAMP.match(raw)
        if stamp is None:
            return _without_header(raw.rstrip(b"\r"))
        tag = (_TAG_5424 if stamp["rfc5424"] else _TAG).match(raw, stamp.end())
        if tag is None:
            return None
        name, process = _decoded(tag["name"]), _decoded(tag["process"])
        if process not in PROCESSES:
            return None
        text = _decoded(tag["text"]).rstrip("\r").lstrip(" ")
        return Line(self._time(stamp), _decoded(tag["host"]), name, process, text)

    def time(self, raw: bytes) -> Time | None:
        """When *raw* was written, whoever wrote it."""
        if raw[:1] == b"{":
            line = self._journal(raw, of_all=True)
            return line.time if line is not None else None
        stamp = _STAMP.match(raw)
        return self._time(stamp) if stamp is not None else None

    def _time(self, stamp: re.Match[bytes]) -> Time | None:
        try:
            if stamp["epoch"]:
                return _at(int(stamp["epoch"]))
            if stamp["date"]:
                moment = datetime.fromisoformat(f"{_decoded(stamp['date'])}T{_decoded(stamp['time'])}")
                return Time(moment.replace(tzinfo=_zone(stamp["zone"])), True)
            year = stamp["year1"] or stamp["year2"]
            hour, minute, second = map(int, stamp["clock"].split(b":"))
            month, day = _MONTHS[stamp["month"]], int(stamp["day"])
            if year:
                return Time(datetime(int(year), month, day, hour, minute, second), True)
            return self._without_year(month, day, hour, minute, second)
        except (KeyError, ValueError, OverflowError, OSError):
            return None

    def _without_year(self, *parts: int) -> Time | None:
        """In the latest year in which that is not in the future."""
        for year in range(self._latest.year, self._latest.year - 9, -1):
            try:
                moment = datetime(year, *parts)  # type: ignore[arg-type]
            except ValueError:  # the 29th of February
                continue
            if moment <= self._latest:
                return Time(moment, False)
        return None

    def _journal(self, raw: bytes, *, of_all: bool = False) -> Line | None:
        """A line of ``journalctl -o json`` (systemd.journal-fields(7)); *of_all*: whoever wrote it."""
        import json

        try:
            entry = json.loads(raw)
        except (ValueError, RecursionError):
            return None
        if not isinstance(entry, dict):
            return None
        stamp = _text(entry.get("_SOURCE_REALTIME_TIMESTAMP") or entry.get("__REALTIME_TIMESTAMP"))
        time = _at(int(stamp[:-6])) if 7 < len(stamp) < 20 and stamp.isdecimal() else None
        name, _, process = _text(entry.get("SYSLOG_IDENTIFIER")).rpartition("/")
        if not (of_all or (name and process in PROCESSES)):
            return None
        return Line(time, _text(entry.get("_HOSTNAME")), name, process, _text(entry.get("MESSAGE")).strip())


def _without_header(raw: bytes) -> Line | None:
    """``journalctl -o cat``, and what programs print at a terminal."""
    program = _PROGRAM.match(raw)
    if program is not None:
        return Line(None, "", "", _decoded(program["process"]), _decoded(program["text"]))
    return Line(None, "", "", "", _decoded(raw)) if _BARE.match(raw) else None


def _text(value: object) -> str:
    """A field of the journal: text, or the numbers of its bytes where it is none."""
    if isinstance(value, list):
        try:
            return bytes(value[:8192]).decode("utf-8", "surrogateescape")
        except (TypeError, ValueError):
            return ""
    return value if isinstance(value, str) else ""


def _decoded(text: bytes) -> str:
    return text.decode("utf-8", "surrogateescape")


def _at(seconds: int) -> Time | None:
    try:
        return Time(datetime.fromtimestamp(seconds, timezone.utc), True)
    except (ValueError, OverflowError, OSError):
        return None


def _zone(text: bytes | None) -> timezone | None:
    if not text:
        return None
    if text in (b"Z", b"UTC", b"GMT"):
        return timezone.utc
    if text[:1] not in b"+-":  # the name of a zone, which means different things in different places
        return None
    digits = text[1:].replace(b":", b"")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if text[:1] == b"-" else offset)
