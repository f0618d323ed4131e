"""What the texts of bounces and of Postfix's complaints mean (``data/patterns.tsv``, ``data/causes.tsv``)."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from functools import cache

from maillint.record import NamedTuple

from .outcomes import Reply

_DATA = os.path.join(os.path.dirname(__file__), "data")

ANY = "any"
"""The receiver of a pattern that every server may say."""
US = "us"
"""The receiver of a pattern that programs of this Postfix say."""

CERTAIN = "certain"
"""Receiver, code and text are those of the pattern."""
LIKELY = "likely"
"""Receiver and code are, or receiver and text."""
POSSIBLE = "possible"
"""The text is: another server passes it on."""
_RANKS = (CERTAIN, LIKELY, POSSIBLE)

FAILURE = "failure"
"""Mail does not arrive."""
SYMPTOM = "symptom"
"""It does not, and another line of the log says why."""
REFUSAL = "refusal"
"""This server refuses mail, which may be right."""
NOTE = "note"
"""No mail fails by it."""

_TELLING = 20
"""Text as long as this is believed from other servers than that of the pattern."""


class Cause(NamedTuple):
    """Why mail fails; a line of ``data/causes.tsv``."""

    id: str
    weight: str
    """FAILURE, SYMPTOM, REFUSAL or NOTE."""
    happened: str
    """What happened, in words; ``{who}`` stands for the servers."""
    why: str
    mend: str
    rules: tuple[str, ...]
    """The rules of maillint that find this cause in a configuration, or in the DNS."""
    everywhere: str
    """The cause that it is when no mail at all goes to any server; empty: the same."""


class Match(NamedTuple):
    """A pattern that fits."""

    pattern: str
    """Its number."""
    cause: str
    confidence: str
    """CERTAIN, LIKELY or POSSIBLE."""


class Pattern:
    """One line of ``data/patterns.tsv``."""

    __slots__ = (
        "_codes",
        "_fragments",
        "_is_local",
        "_is_vague",
        "cause",
        "is_own_client",
        "number",
        "programs",
        "receivers",
        "stage",
    )

    def __init__(self, line: str) -> None:
        self.number, receivers, programs, stage, codes, text, self.cause = line.split("\t")
        self.receivers = frozenset(receivers.split())
        words = frozenset(programs.split())
        self.is_own_client = True if "own-client" in words else False if "other-client" in words else None
        self.programs = words - {"own-client", "other-client"}
        self.stage = stage
        self._is_local = codes == "-"
        self._codes = () if self._is_local else tuple(map(_code, codes.split()))
        self._is_vague = text.startswith("~")
        self._fragments = tuple(text.removeprefix("~").split(" ... ")) if text else ()

    def confidence(self, receiver: str, reply: Reply) -> str | None:
        """How surely *reply* of *receiver* is this; None: it is not."""
        if self._fragments and not self.says(reply.text):
            return None
        is_receiver = ANY in self.receivers or receiver in self.receivers
        if self.stage and not reply.stage.startswith(self.stage):
            return None
        if self._is_local and reply.is_answer:
            return None
        has_code = not self._codes or any(code(said) for code in self._codes for said in reply.codes)
        if not self._fragments:
            return LIKELY if is_receiver and has_code else None
        if is_receiver and has_code:
            return LIKELY if self._is_vague else CERTAIN
        if is_receiver and ANY not in self.receivers:
            return LIKELY
        return POSSIBLE if sum(map(len, self._fragments)) >= _TELLING else None

    def says(self, text: str) -> bool:
        """Whether the fragments stand in *text*, which is in lower case, one behind the other."""
        at = 0
        for fragment in self._fragments:
            at = text.find(fragment, at)
            if at < 0:
                return False
            at += len(fragment)
        return bool(self._fragments)


def _code(text: str) -> Callable[[str], bool]:
    """Whether a code is *text*, in which ``*`` stands for any digits, and ``A-B`` for a range at its end."""
    head, dot, last = text.rpartition(".")
    first, dash, end = last.partition("-")
    if dash:
        numbers = range(int(first), int(end) + 1)
        prefix = head + dot
        return lambda code: (
            code.startswith(prefix)
            and code[len(prefix) :].isdecimal()
            and int(code[len(prefix) :]) in numbers
        )
    pattern = re.compile(re.escape(text).replace(r"\*", r"[\d.]+"))
    return lambda code: pattern.fullmatch(code) is not None


@cache
def causes() -> dict[str, Cause]:
    """All causes by their id."""
    found = {}
    for line in _lines("causes"):
        name, weight, everywhere, rules, happened, why, mend = line.split("\t")
        found[name] = Cause(name, weight, happened, why, mend, tuple(rules.split()), everywhere)
    return found


@cache
def patterns() -> tuple[Pattern, ...]:
    """All patterns, the more special before the more general."""
    return tuple(map(Pattern, _lines("patterns")))


@cache
def _of_servers() -> tuple[Pattern, ...]:
    return tuple(pattern for pattern in patterns() if US not in pattern.receivers)


@cache
def _of_programs(program: str) -> tuple[Pattern, ...]:
    return tuple(
        pattern
        for pattern in patterns()
        if US in pattern.receivers and (not program or not pattern.programs or program in pattern.programs)
    )


@cache
def _receivers() -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Families of servers: the name, how it is written, and the ends of the names of its servers."""
    found = []
    for line in _lines("receivers"):
        name, shown, hosts = line.split("\t")
        found.append((name, shown, tuple(hosts.split())))
    return tuple(found)


@cache
def receiver_name(family: str) -> str:
    """How the name of *family* is written."""
    return next((shown for name, shown, _ in _receivers() if name == family), family)


def receiver_of(host: str) -> str:
    """The family of the server *host*; empty: none that is known."""
    for name, _, hosts in _receivers():
        for end in hosts:
            if host == end or host.endswith(f".{end}"):
                return name
    return ""


def said_by_server(host: str, reply: Reply) -> Match | None:
    """The pattern that the *reply* of a server fits best; None: it is not known."""
    receiver = receiver_of(host)
    best: Match | None = None
    for pattern in _of_servers():
        confidence = pattern.confidence(receiver, reply)
        if confidence is not None and (
            best is None or _RANKS.index(confidence) < _RANKS.index(best.confidence)
        ):
            best = Match(pattern.number, pattern.cause, confidence)
            if confidence == CERTAIN:
                break
    return best


def said_by_program(program: str, text: str, *, is_own_client: bool | None = None) -> Match | None:
    """The pattern of what a *program* of this Postfix says, *text* in lower case; None: it is not known.

    *is_own_client*: whether the client that it is said to is on this host or in a private network.
    """
    for pattern in _of_programs(program):
        is_client = pattern.is_own_client is None or pattern.is_own_client == is_own_client
        if is_client and pattern.says(text):
            return Match(pattern.number, pattern.cause, CERTAIN)
    return None


def _lines(name: str) -> list[str]:
    """The lines of ``data/NAME.tsv`` that are no comments."""
    with open(os.path.join(_DATA, f"{name}.tsv"), encoding="utf-8") as file:
        return [line for line in file.read().split("\n") if line and line[0] != "#"]
