"""How an SPF record lies in its TXT record: the borders of its strings, and the room that it takes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from maillint.record import NamedTuple

from .answer import Answer
from .spf import VERSION, is_spf
from .spf_record import parse_record

TEXT_LIMIT = 450
"""Octets that the name and the text of a record may have together, to fit with its surroundings into a
reply over UDP of 512 octets (RFC 7208 3.4)."""
REPLY_LIMIT = 1232
"""Octets that a reply over UDP may have today (DNS Flag Day 2020); a larger one takes TCP."""

_HEADER, _QUESTION, _RECORD = 12, 4, 12
"""Octets of the head of a message, and around the name or the data of what is in it (RFC 1035 4.1)."""


class Fused(NamedTuple):
    """Two terms that the border of two strings has made one, because no blank stands there."""

    left: str
    right: str

    @property
    def term(self) -> str:
        return self.left + self.right


def fused(answer: Answer) -> tuple[Fused, ...]:
    """The fused terms of the SPF record in *answer*; a term that is merely torn apart is none."""
    return tuple(found for strings in _spf_strings(answer) for found in _fused(strings))


def _spf_strings(answer: Answer) -> Iterator[list[str]]:
    for record in answer.records:
        strings = [part.decode("utf-8", "surrogateescape") for part in getattr(record, "strings", ())]
        if is_spf("".join(strings)) or (strings and is_spf(strings[0])):
            yield strings


def _fused(strings: list[str]) -> Iterator[Fused]:
    for first, second in pairwise(strings):
        left, right = first.rpartition(" ")[2], second.partition(" ")[0]
        if _is_term(right) and (left.lower() == VERSION or _is_term(left)):
            yield Fused(left, right)


def _is_term(text: str) -> bool:
    """Whether *text* is a term of SPF by itself; a modifier that nobody knows is none."""
    record = parse_record(f"{VERSION} {text}")
    terms = (*record.mechanisms, *(term for term in record.modifiers if term.name in ("redirect", "exp")))
    return bool(text) and len(terms) == 1 and not record.problems


def text_size(domain: str, text: str) -> int:
    """The octets that count for TEXT_LIMIT."""
    return len(domain) + len(text)


def reply_size(answer: Answer) -> int:
    """The octets of a reply with all TXT records of the name."""
    name = len(answer.question.name) + 2
    records = (_RECORD + len(record.to_wire() or b"") for record in answer.records)
    return _HEADER + name + _QUESTION + sum(records)
