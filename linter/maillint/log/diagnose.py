"""Reads logs from the first line to the last, and finds what has failed and why."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

from maillint.addresses import is_public

from .files import STDIN, LogError, modified, numbered_lines
from .grouping import Evidence, Group, Groups
from .lines import Line, Reader, Time, has_tag
from .messages import Messages, id_before, message
from .outcomes import Refusal, outcome, refusal
from .patterns import FAILURE, SYMPTOM, Match, said_by_program

_PROBE = 2_000
"""In so many lines at the beginning of a file, a time must stand."""

_COMPLAINTS = ("warning: ", "fatal: ", "error: ", "panic: ")


class Diagnosis(NamedTuple):
    """What the logs say."""

    paths: tuple[str, ...]
    """In the order of time."""
    lines: int
    """All that were read."""
    understood: int
    """Those that were Postfix's, among the ones that had to be looked at."""
    is_postfix: bool
    """Whether any line is known to be Postfix's."""
    sent: int
    """Deliveries that were made."""
    first: Time | None
    last: Time | None
    hosts: tuple[str, ...]
    """The names by which hosts call themselves in the log."""
    groups: tuple[Group, ...]
    """The gravest and most frequent first."""
    refused: int
    """Refusals of this server that are not among the groups."""
    refused_first: Evidence | None
    errors: tuple[str, ...]
    """Why logs could not be read, or not to their end."""

    @property
    def has_failures(self) -> bool:
        return any(group.weight in (FAILURE, SYMPTOM) for group in self.groups)


def diagnose(paths: Sequence[str], since: float | None = None) -> Diagnosis:
    """What has failed in the logs at *paths* (``-``: standard input), *since* so many seconds after 1970."""
    run = _Run(since)
    errors: list[str] = []
    for path in _in_time_order(paths):
        try:
            run.read(path)
        except LogError as error:
            errors.append(str(error))
    return run.diagnosis(errors)


def _in_time_order(paths: Sequence[str]) -> list[str]:
    """By the time of the first line; logs without times, and those that cannot be read, keep their place."""
    if len(paths) < 2:
        return list(paths)
    times: dict[str, float] = {}
    for path in paths:
        if path != STDIN and (first := _first_time(path)) is not None:
            times[path] = first
    known = iter(sorted((path for path in paths if path in times), key=lambda path: times[path]))
    return [next(known) if path in times else path for path in paths]


def _first_time(path: str) -> float | None:
    reader = Reader(modified(path) or time.time())
    try:
        for _, lines in numbered_lines(path):
            for raw in lines[:_PROBE]:
                if (found := reader.time(raw)) is not None:
                    return found.seconds
            break
    except LogError:
        pass
    return None


class _Run:
    """What is known after the lines that were read so far."""

    def __init__(self, since: float | None) -> None:
        self._since = since
        self._messages = Messages()
        self._groups = Groups()
        self._paths: list[str] = []
        self._lines = self._understood = self._sent = 0
        self._first: Time | None = None
        self._last: Time | None = None
        self._hosts: dict[str, None] = {}
        self._reader = Reader(time.time())
        self._path = ""
        self._is_postfix = False
        self._has_times = False
        self._kinds: dict[bytes, Callable[[int, bytes], None]] = {
            b"to=<": self._outcome,
            b"from": self._sender,
            b"uid=": self._program,
            b"clie": self._client,
            b"reje": self._refusal,
            b"milt": self._refusal,
            b"send": self._notification,
            b"post": self._notification,
            **dict.fromkeys((b"warning", b"fatal", b"error", b"panic"), self._complaint),
        }
        """What to do with a line, by four letters of what follows the queue id, or by what stands there."""

    def read(self, path: str) -> None:
        """Read the log at *path* to its end. Raises LogError."""
        self._path = path
        self._paths.append(path)
        self._reader = Reader(modified(path) or time.time())
        last: list[bytes] = []
        for start, lines in numbered_lines(path):
            self._lines += len(lines)
            if not self._is_postfix:
                self._is_postfix = any(self._line(raw) is not None for raw in lines)
            if self._since is not None:
                start, lines = self._after(start, lines)
            if not lines:
                continue
            if self._first is None or not last:
                self._note_time(lines)
            self._scan(start, lines)
            last = lines
        self._note_time(reversed(last))

    def _after(self, start: int, lines: list[bytes]) -> tuple[int, list[bytes]]:
        """The lines from the first on that is young enough; all that follow are."""
        assert self._since is not None
        for at, raw in enumerate(lines):
            found = self._reader.time(raw)
            self._has_times |= found is not None
            if found is not None and found.seconds >= self._since:
                self._since = None
                return start + at, lines[at:]
        return start, []

    def _note_time(self, lines: object) -> None:
        """The first of *lines* with a time is the first or last of the log, as far as it is read."""
        for raw in lines:  # type: ignore[attr-defined]
            found = self._reader.time(raw)
            if found is not None:
                self._first = self._first or found
                self._last = found
                return

    def _scan(self, start: int, lines: list[bytes]) -> None:
        """Look at each line; most are told by a word to be of no interest, or to be kept for later.

        This loop is what the time of a run goes into.
        """
        if not has_tag(lines[0]):
            self._scan_any(start, lines)
            return
        kinds = self._kinds
        for number, raw in enumerate(lines, start):
            # ``DATE HOST postfix/PROGRAM[NUMBER]: HEAD: WORD``
            head = raw.find(b"]: ") + 3
            word = raw.find(b": ", head)
            if head == 2:
                self._scan_any(number, [raw])
            elif word < 0:
                if b"backwards-" in raw:
                    self._complaint(number, raw)
            elif (take := kinds.get(raw[word + 2 : word + 6])) is not None or (
                take := kinds.get(raw[head:word])
            ) is not None:
                take(number, raw)
            elif b"backwards-" in raw:
                self._complaint(number, raw)

    def _scan_any(self, start: int, lines: list[bytes]) -> None:
        """The same for lines of any form."""
        for number, raw in enumerate(lines, start):
            for words, take in _WORDS:
                if any(word in raw for word in words):
                    take(self, number, raw)
                    break

    def _outcome(self, number: int, raw: bytes) -> None:
        if b" status=sent (" in raw:
            self._delivered(raw)
        elif b" status=" in raw:
            self._failed(number, raw)

    def _sender(self, number: int, raw: bytes) -> None:
        if b" status=" in raw and b"expired" in raw:
            self._failed(number, raw)
        self._messages.sent_by(raw)

    def _program(self, number: int, raw: bytes) -> None:
        self._messages.handed_in_by(raw)

    def _client(self, number: int, raw: bytes) -> None:
        self._messages.brought_by(raw)

    def _delivered(self, raw: bytes) -> None:
        self._sent += 1
        groups = self._groups
        if not groups.delivered_elsewhere and (line := self._line(raw)) is not None:
            found = outcome(line.text.partition(": ")[2])
            groups.delivered_elsewhere = found is not None and bool(found.address)
        if b"queued as " in raw or b"(forwarded as " in raw:
            self._messages.goes_on(raw)
        if groups.has_open and groups.is_open(id_before(raw, b": to=<").decode()):
            line = self._line(raw)
            found = outcome(line.text.partition(": ")[2]) if line is not None else None
            if line is not None and found is not None:
                groups.delivered(line.queue_id, found.recipient)

    def _failed(self, number: int, raw: bytes) -> None:
        line = self._line(raw)
        if line is None or not (queue_id := line.queue_id):
            return
        text = line.text[len(queue_id) + 2 :]
        found = outcome(text)
        if found is None:
            if ", status=expired" in text or ", status=force-expired" in text:
                self._groups.expired(queue_id)
            return
        self._understood += 1
        sender, brought = map(self._without_id, self._messages.kept(queue_id))
        self._groups.failed(
            queue_id,
            found,
            message(sender, brought),
            Evidence(self._path, number, raw, line.time),
            self._messages.is_notification(queue_id),
        )

    def _without_id(self, raw: bytes) -> str:
        line = self._line(raw) if raw else None
        return line.text.partition(": ")[2] if line is not None else ""

    def _complaint(self, number: int, raw: bytes) -> None:
        line = self._line(raw)
        if line is None:
            return
        text = line.text
        is_complaint = text.startswith(_COMPLAINTS)
        text = " ".join(text.lower().split())
        match = said_by_program(line.process, text)
        if match is None and not is_complaint:
            return
        self._understood += 1
        self._groups.said(line, match, text, Evidence(self._path, number, raw, line.time))

    def _refusal(self, number: int, raw: bytes) -> None:
        line = self._line(raw)
        found = refusal(line.text.partition(": ")[2]) if line is not None else None
        if line is None or found is None:
            return
        self._understood += 1
        self._groups.refused_here(
            line, found, _refused(line, found), Evidence(self._path, number, raw, line.time)
        )

    def _notification(self, number: int, raw: bytes) -> None:
        line = self._line(raw)
        if line is not None and line.queue_id:
            self._messages.notified(line.queue_id, line.text.partition(": ")[2])

    def _line(self, raw: bytes) -> Line | None:
        line = self._reader.line(raw)
        if line is not None and line.host and len(self._hosts) < 100:
            self._hosts[line.host] = None
        return line

    def diagnosis(self, errors: list[str]) -> Diagnosis:
        if self._since is not None and self._lines and not self._has_times:
            errors.append(f"--since: no line of {', '.join(self._paths)} has a time")
        return Diagnosis(
            tuple(self._paths),
            self._lines,
            self._understood,
            self._is_postfix,
            self._sent,
            self._first,
            self._last,
            tuple(self._hosts),
            tuple(self._groups.finished()),
            self._groups.refused,
            self._groups.refused_first,
            tuple(errors),
        )


def _refused(line: Line, found: Refusal) -> Match | None:
    return said_by_program(
        line.process, found.reason.lower(), is_own_client=is_public(found.address) is False
    )


_WORDS = (
    ((b": to=<",), _Run._outcome),
    ((b": uid=",), _Run._program),
    ((b": from=<",), _Run._sender),
    ((b": client=",), _Run._client),
    ((b"reject: ",), _Run._refusal),
    ((b" notification: ",), _Run._notification),
    ((b"warning: ", b"fatal: ", b"error: ", b"panic: ", b"backwards-"), _Run._complaint),
)
"""The words by which lines of all forms are told, the first that is there."""
