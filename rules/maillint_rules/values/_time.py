"""Times as people write them."""

from __future__ import annotations

import re

from maillint.postfix.typed import SECONDS

_TERM = r"([0-9]{1,9})(?:\.([0-9]{1,3}))?\s*([A-Za-z]*)[\s,;]*"
_MONTH, _YEAR = 30 * SECONDS["d"], 365 * SECONDS["d"]

UNITS = {
    word: size
    for words, size in (
        ("s sec secs second seconds", SECONDS["s"]),
        ("m min mins minute minutes", SECONDS["m"]),
        ("h hr hrs hour hours", SECONDS["h"]),
        ("d day days", SECONDS["d"]),
        ("w wk wks week weeks", SECONDS["w"]),
        ("mo mon month months", _MONTH),
        ("y yr yrs year years", _YEAR),
    )
    for word in words.split()
}
"""The names of units, in seconds."""


def meant_seconds(text: str, unit: str) -> int | None:
    """What a reader takes *text* for, such as ``1h 30m`` or ``1.5 hours``; None: for no time.

    *unit* is that of a bare number.
    """
    text = text.strip("=\"' \t")
    thousandths, place = 0, 0
    for term in re.finditer(_TERM, text):
        whole, part, word = term.groups("")
        is_whole_text = place == 0 and term.end() == len(text)
        size = UNITS.get(word.lower() or (unit if is_whole_text else ""))
        if term.start() != place or size is None:
            return None
        thousandths += int(whole + part.ljust(3, "0")) * size
        place = term.end()
    complete = text and place == len(text) and thousandths % 1000 == 0
    return thousandths // 1000 if complete else None


def in_postfix_form(text: str, unit: str) -> str | None:
    """*text*, as :func:`meant_seconds` reads it, as a number and one letter; None: it is no time."""
    seconds = meant_seconds(text, unit)
    if seconds is None:
        return None
    words = re.findall("[A-Za-z]+", text) or [unit]
    letter = words[0][0].lower()
    if len(words) == 1 and "." not in text and UNITS[words[0].lower()] == SECONDS.get(letter):
        return f"{seconds // SECONDS[letter]}{letter}"
    return spelt(seconds)


def spelt(seconds: int) -> str:
    """A time as Postfix reads it, in the greatest unit that leaves no rest, weeks apart."""
    for letter in "dhm":
        if seconds and seconds % SECONDS[letter] == 0:
            return f"{seconds // SECONDS[letter]}{letter}"
    return f"{seconds}s"
