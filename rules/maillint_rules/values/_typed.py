"""The values that do not fit the type of their parameter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from maillint.postfix.typed import (
    SECONDS,
    TEXTS,
    Refusal,
    enumeration,
    is_hostname,
    is_level,
    refusal,
    unknown_words,
)

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

ALWAYS_REJECT = (
    "access_map_defer_code",
    "access_map_reject_code",
    "defer_code",
    "invalid_hostname_reject_code",
    "maps_rbl_reject_code",
    "multi_recipient_bounce_reject_code",
    "non_fqdn_reject_code",
    "plaintext_reject_code",
    "reject_code",
    "relay_domains_reject_code",
    "unknown_address_reject_code",
    "unknown_client_reject_code",
    "unknown_hostname_reject_code",
    "unknown_local_recipient_reject_code",
    "unknown_relay_recipient_reject_code",
    "unknown_virtual_alias_reject_code",
    "unknown_virtual_mailbox_reject_code",
)
"""The parameters with a reply code that must reject."""
MAY_ACCEPT = (
    "unverified_recipient_defer_code",
    "unverified_recipient_reject_code",
    "unverified_sender_defer_code",
    "unverified_sender_reject_code",
)
"""Those with one that may accept, too."""


def _is_one_word(text: str) -> bool:
    return not any(separator in text for separator in ", \t\r\n")


def _rejects(text: str) -> bool:
    return len(text) == 3 and "400" <= text <= "599" and text.isdecimal()


_USUAL: dict[str, Callable[[str], bool]] = {
    "compatibility_level": is_level,
    "mydomain": is_hostname,
    "myhostname": is_hostname,
    "myorigin": _is_one_word,
    **dict.fromkeys(ALWAYS_REJECT + MAY_ACCEPT, _rejects),
}
"""What a value must be for which there is a rule of its own."""


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
    """The kinds of refusals, the words of this module, and the parameters whose values are unusual."""
    words = {why.kind for _, why in _all_refusals(config)}
    if next(wrong_words(config), None) is not None:
        words.add(UNKNOWN_WORD)
    for judged in known_values(config, *_USUAL):
        name = judged.parameter.name
        if not _USUAL[name](judged.text):
            words.add(name)
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
