"""What a run was told, in a file: written by one run, and answered from in others, without a network.

The file is JSON, and the same DNS gives the same file: the answers are sorted by name, records are written as
in a zone file, and times to live are left out.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Sequence
from typing import Any

import dns.exception
import dns.rdata
import dns.rdataclass

from .answer import ANSWER, STATUSES, UNASKED, Answer, Lookup, Question
from .resolver import ask_together

VERSION = 1


class TapeError(ValueError):
    """A file that is no record of a run; the message says what is wrong and what to do."""


class Recorder:
    """Asks somebody else, and keeps what was asked and answered."""

    def __init__(self, source: Lookup) -> None:
        self._source = source
        self.servers: Sequence[object] = getattr(source, "servers", ())
        """The name servers that are asked."""
        self._answers: dict[Question, Answer] = {}
        self._private: set[str] = set()
        self._lock = threading.Lock()

    def is_public(self, name: str) -> bool:
        """See :class:`~maillint.dns.answer.Lookup`."""
        public = self._source.is_public(name)
        if not public:
            with self._lock:
                self._private.add(name)
        return public

    def ask(self, name: str, rdtype: str) -> Answer:
        """See :class:`~maillint.dns.answer.Lookup`."""
        answer = self._source.ask(name, rdtype)
        with self._lock:
            self._answers[answer.question] = answer
        return answer

    def ask_all(self, questions: Iterable[tuple[str, str]]) -> list[Answer]:
        """The answers to several (name, type), in the given order."""
        return ask_together(self, questions)

    def text(self) -> str:
        """All that was asked so far, as the text of a file."""
        with self._lock:
            content = {
                "version": VERSION,
                "private": sorted(self._private),
                "answers": [_written(self._answers[question]) for question in sorted(self._answers)],
            }
        return json.dumps(content, indent=2) + "\n"


class Replay:
    """Answers as the run did that wrote a file; what that run did not ask stays open."""

    def __init__(self, text: str, name: str) -> None:
        """*name*: what the file is called in messages. Raises :class:`TapeError`."""
        self._name = name
        try:
            content = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise TapeError(f"{name}: this is no JSON: {error}; {_REMEDY}") from error
        if not isinstance(content, dict) or not isinstance(content.get("answers"), list):
            raise TapeError(f"{name}: there are no `answers`; {_REMEDY}")
        if content.get("version") != VERSION:
            version = content.get("version")
            raise TapeError(f"{name}: the version is {version!r}, not {VERSION}; {_REMEDY}")
        private = content.get("private", [])
        if not isinstance(private, list) or not all(isinstance(item, str) for item in private):
            raise TapeError(f"{name}: `private` must be a list of names; {_REMEDY}")
        self._private = frozenset(private)
        self._answers: dict[Question, Answer] = {}
        for number, item in enumerate(content["answers"], 1):
            try:
                answer = _read(item)
            except (ValueError, KeyError, TypeError, dns.exception.DNSException) as error:
                said = f"there is no {error}" if isinstance(error, KeyError) else str(error)
                raise TapeError(f"{name}: answer {number}: {said}; {_REMEDY}") from error
            self._answers[answer.question] = answer

    @classmethod
    def load(cls, path: str) -> Replay:
        """The record in the file at *path*. Raises :class:`TapeError`; OSError."""
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            return cls(file.read(), path)

    def is_public(self, name: str) -> bool:
        """See :class:`~maillint.dns.answer.Lookup`."""
        return name not in self._private

    def ask(self, name: str, rdtype: str) -> Answer:
        """See :class:`~maillint.dns.answer.Lookup`."""
        question = Question(name.removesuffix(".").lower(), rdtype.upper())
        return self._answers.get(question) or Answer(
            question, UNASKED, detail=f"the run that {self._name} is of did not ask it"
        )


_REMEDY = "write the file again with --dns-record"
_TEXTS = ("name", "type", "status", "server", "detail")


def _written(answer: Answer) -> dict[str, Any]:
    """Only what is not empty, so that the file can be read."""
    written: dict[str, Any] = {**answer.question._asdict(), "status": answer.status}
    if answer.chain:
        written["chain"] = list(answer.chain)
    if answer.records:
        written["records"] = [record.to_text() for record in answer.records]
    if answer.secure:
        written["secure"] = True
    if answer.detail:
        written["detail"] = answer.detail
    if answer.server:
        written["server"] = answer.server
    return written


def _read(item: Any) -> Answer:
    """Raises ValueError, KeyError, TypeError or DNSException for what _written() does not write."""
    if not isinstance(item, dict):
        raise ValueError(f"must be an object, not {item!r}")
    name, kind, status, server, detail = (
        item[key] if key in ("name", "type", "status") else item.get(key, "") for key in _TEXTS
    )
    for key, value in zip(_TEXTS, (name, kind, status, server, detail), strict=True):
        if not isinstance(value, str):
            raise ValueError(f"`{key}` must be a string, not {value!r}")
    if status not in STATUSES:
        raise ValueError(f"there is no status {status!r}")
    records, chain, secure = item.get("records", []), item.get("chain", []), item.get("secure", False)
    for key, values in (("records", records), ("chain", chain)):
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise ValueError(f"`{key}` must be a list of strings")
    if not isinstance(secure, bool):
        raise ValueError("`secure` must be true or false")
    if bool(records) != (status == ANSWER):
        raise ValueError(f"records and the status {status!r} do not go together")
    return Answer(
        Question(name, kind),
        status,
        tuple(dns.rdata.from_text(dns.rdataclass.IN, kind, record) for record in records),
        chain=tuple(chain),
        server=server,
        detail=detail,
        secure=secure,
    )
