"""The values that do not fit the type of their parameter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.postfix.typed import SECONDS, TEXTS, Refusal, enumeration, refusal, unknown_words

from .._values import Judged, known_values

if TYPE_CHECKING:
    from maillint.postfix.catalogue import Enumeration
    from maillint.postfix.configuration import Configuration
    from maillint.syntax.lists import ListItem

UNKNOWN_WORD = "unknown-word"
"""Some value of an enumeration is none of its words."""
MORE_THAN_TIME = "more-than-time"
"""Some time is more than a number and one letter."""
BARE_TIME = "bare-time"
"""Some time, in a parameter whose unit is not the second, is written without a unit."""

_SEPARATORS = " \t,;."


def refusals(config: Configuration, *kinds: str) -> Iterator[tuple[Judged, Refusal]]:
    """The values that Postfix refuses for one of the reasons *kinds*, in the order of the files."""
    for judged, why in _all_refusals(config):
        if why.kind in kinds:
            yield judged, why


def wrong_words(config: Configuration) -> Iterator[tuple[Judged, Enumeration, list[ListItem]]]:
    """The values of enumerations with words that this version does not know."""
    for judged in known_values(config):
        known = enumeration(judged.parameter)
        if known is not None and judged.parameter.type_in(config.version) in TEXTS:
            wrong = unknown_words(known, judged.text, config.version)
            if wrong:
                yield judged, known, wrong


def times(config: Configuration) -> Iterator[Judged]:
    """The values that are times."""
    for judged in known_values(config):
        if judged.parameter.type_in(config.version) == "time":
            yield judged


def is_read_whole(time: str) -> bool:
    """Whether there is nothing to lose: a number, and a unit of one letter."""
    number = time.rstrip(_SEPARATORS)
    return number[:-1].isdecimal() and (number[-1] in SECONDS or number[-1].isdecimal())


def is_bare(judged: Judged) -> bool:
    """Whether a time is a number that does not count seconds."""
    return judged.parameter.unit in SECONDS and judged.parameter.unit != "s" and judged.text.isdecimal()


def noted(config: Configuration) -> frozenset[str]:
    """The kinds of refusals, and the words of this module for what there is to say of values."""
    words = {why.kind for _, why in _all_refusals(config)}
    if next(wrong_words(config), None) is not None:
        words.add(UNKNOWN_WORD)
    for judged in times(config):
        if not is_read_whole(judged.text):
            words.add(MORE_THAN_TIME)
        if is_bare(judged):
            words.add(BARE_TIME)
    return frozenset(words)


def _all_refusals(config: Configuration) -> list[tuple[Judged, Refusal]]:
    found: list[tuple[Judged, Refusal]] | None = config.memo.get("refusals")
    if found is None:
        found = config.memo["refusals"] = list(_refusals(config))
    return found


def _refusals(config: Configuration) -> Iterator[tuple[Judged, Refusal]]:
    refused = [
        (judged, why)
        for judged in known_values(config)
        if (why := refusal(judged.parameter, judged.text, config.version)) is not None
    ]
    causes = {judged.setting for judged, _ in refused}
    for judged, why in refused:
        if causes.isdisjoint(judged.value.chain[1:]):
            yield judged, why
