"""The words of access lists, as smtpd comes upon them (generic_checks in smtpd/smtpd_check.c).

Each word gives its :class:`~.effect.Effect`, or several when something decides that the configuration does
not tell: then each has a :class:`~.model.Condition`, and the first is the usual one. Nothing is judged here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..restrictions import OPEN, TABLE, Restriction
from . import addresses, clients, lookups, names
from .effect import (
    DEFER_IF_PERMIT,
    DEFER_IF_REJECT,
    NOTHING,
    PERMANENT,
    PERMIT,
    REFUSE,
    SERVER_ERROR,
    Effect,
    fork,
)

if TYPE_CHECKING:
    from .effect import Known, Word
    from .message import Message


def effects_of(message: Message, restriction: Restriction, known: Known) -> list[Effect]:
    """What *restriction* does; it is neither a class, nor wrong."""
    if restriction.kind == OPEN:
        return _open(message, restriction)
    name = restriction.name
    if restriction.kind == TABLE:
        name = known.bare_table
        if not name:
            return [Effect(SERVER_ERROR, "a table without a restriction before it is an error here")]
    needs = restriction.fact.needs if restriction.fact is not None else ""
    needs = needs or {"check_etrn_access": "etrn"}.get(name, "")
    if not getattr(known, needs, True):
        return [Effect(NOTHING, f"the {needs} is not known yet" if needs != "etrn" else "only for ETRN")]
    word = _ALL.get(name)
    argument = restriction.argument.text if restriction.argument is not None else ""
    if word is not None:
        return word(message, argument, known)
    if name.startswith("check_"):
        return lookups.check(message, name, argument, known)
    return [Effect(NOTHING, "an ordinary client gives no cause")]


def _open(message: Message, restriction: Restriction) -> list[Effect]:
    word = restriction.word.text
    return fork(
        word,
        "setting",
        [
            (f"`{word}` does nothing", Effect(NOTHING, "not known here")),
            (f"`{word}` refuses", Effect(REFUSE, "not known here", PERMANENT)),
            (f"`{word}` permits", Effect(PERMIT, "not known here")),
        ],
    )


def _permit(message: Message, argument: str, known: Known) -> list[Effect]:
    return [Effect(PERMIT, "permits everybody")]


def _reject(message: Message, argument: str, known: Known) -> list[Effect]:
    return [Effect(REFUSE, "refuses everybody", message.digit("reject_code"))]


def _defer(message: Message, argument: str, known: Known) -> list[Effect]:
    return [Effect(REFUSE, "refuses everybody for now", message.digit("defer_code"))]


def _defer_if_permit(message: Message, argument: str, known: Known) -> list[Effect]:
    return [Effect(DEFER_IF_PERMIT, "what would be accepted is refused for now")]


def _defer_if_reject(message: Message, argument: str, known: Known) -> list[Effect]:
    return [Effect(DEFER_IF_REJECT, "what would be refused for good is refused for now")]


WORDS: dict[str, Word] = {
    "defer": _defer,
    "defer_if_permit": _defer_if_permit,
    "defer_if_reject": _defer_if_reject,
    "permit": _permit,
    "reject": _reject,
}

_ALL = {**WORDS, **clients.WORDS, **names.WORDS, **addresses.WORDS, **lookups.WORDS}
