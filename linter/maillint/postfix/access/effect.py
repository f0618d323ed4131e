"""What one word of an access list does to one message."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from maillint.record import NamedTuple

from .model import Condition

if TYPE_CHECKING:
    from .message import Message

NOTHING = "nothing"
PERMIT = "permit"
REFUSE = "refuse"
SERVER_ERROR = "server-error"
"""``451``, ``warn_if_reject`` or not."""
DEFER_IF_PERMIT = "defer_if_permit"
DEFER_IF_REJECT = "defer_if_reject"
DISCARD = "discard"
HANGUP = "hangup"
DIES = "dies"
LIST = "list"
"""More words, in :attr:`Effect.text`."""

TEMPORARY = 4
PERMANENT = 5


class Effect(NamedTuple):
    """What a word does."""

    kind: str
    why: str
    digit: int = TEMPORARY
    """Of a refusal, at once or later, the first of its reply code."""
    condition: Condition | None = None
    question: str = ""
    """What :attr:`condition` answers; empty: the answer may be another one the next time."""
    text: str = ""
    """Of :data:`LIST`, the words."""
    may_permit: bool = True
    """Of :data:`LIST`: False: it is an error when they permit."""


class Known(NamedTuple):
    """What smtpd knows at a stage."""

    helo: bool = True
    sender: bool = True
    recipient: bool = True
    login: bool = True
    certificate: bool = True
    is_rcpt: bool = True
    """Whether it is answering to RCPT TO."""
    is_early: bool = False
    """Whether what smtpd keeps of an earlier sender still counts (sender_rcptmap_checked)."""
    etrn: str = ""
    """The domain that an ETRN command names; empty: it is not answering to ETRN."""
    bare_table: str = ""
    """The restriction that a bare ``TYPE:NAME`` stands for; empty: there is none."""


if TYPE_CHECKING:
    Word = Callable[[Message, str, Known], list[Effect]]
    """What a word does to a message: given the word's argument, and what is known."""


def fork(
    subject: str, kind: str, alternatives: list[tuple[str, Effect]], *, first_is_usual: bool = True
) -> list[Effect]:
    """The effects of *alternatives*, the usual one first, each with what is taken for granted."""
    question = alternatives[0][0] if kind != "policy" else ""
    effects = [
        effect._replace(
            condition=Condition(subject, kind, answer, (at == 0) is first_is_usual), question=question
        )
        for at, (answer, effect) in enumerate(alternatives)
    ]
    return effects if first_is_usual else [*effects[1:], effects[0]]
