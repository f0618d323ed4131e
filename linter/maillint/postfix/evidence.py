"""Answers of three values, with what speaks for them: True, False, or None, which means "it is not known"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillint.record import NamedTuple

if TYPE_CHECKING:
    from maillint.syntax.tree import Service, Setting


class Evidence(NamedTuple):
    """One reason for an answer."""

    text: str
    """In words, values in backticks."""
    source: Setting | Service | None = None
    """What says so; None: a default, a comment, or something that is not there."""


class Answer(NamedTuple):
    """Whether something is so, and why."""

    holds: bool | None
    """None: the configuration does not tell."""
    evidence: tuple[Evidence, ...]
    """For it, against it, or what is not known."""


NO = Answer(False, ())
"""What nothing in the configuration speaks for."""


def known(holds: bool | None, text: str, source: Setting | Service | None = None) -> Answer:
    return Answer(holds, (Evidence(text, source),))


def all_of(*answers: Answer) -> Answer:
    """True when all are; else False when one is, with what is against it; else what is not known."""
    return _combined(answers, weakest=False)


def any_of(*answers: Answer) -> Answer:
    """True when one is, with all that is for it; else what is not known; else False."""
    return _combined(answers, weakest=True)


def _combined(answers: tuple[Answer, ...], weakest: bool) -> Answer:
    """*weakest*: the answer that decides alone."""
    found = {answer.holds for answer in answers}
    holds = weakest if weakest in found else None if None in found else not weakest
    evidence = [one for answer in answers if answer.holds is holds for one in answer.evidence]
    return Answer(holds, tuple(dict.fromkeys(evidence)))


def no(answer: Answer) -> Answer:
    return Answer(None if answer.holds is None else not answer.holds, answer.evidence)
