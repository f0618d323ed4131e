"""Times as people write them."""

from __future__ import annotations

import re
from fractions import Fraction

from maillint.postfix.typed import SECONDS

_TERM = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,3})?)\s*([A-Za-z]*)[\s,;]*")
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
    total, place = Fraction(0), 0
    while place < len(text):
        term = _TERM.match(text, place)
        size = UNITS.get(term[2].lower() or unit) if term else None
        if term is None or size is None:
            return None
        total += Fraction(term[1]) * size
        place = term.end()
    return int(total) if total.denominator == 1 and text else None


def in_postfix_form(text: str, unit: str) -> str | None:
    """*text*, as :func:`meant_seconds` reads it, as a number and one letter; None: it is no time."""
    seconds = meant_seconds(text, unit)
    if seconds is None:
        return None
    if seconds == 0:
        return f"0{unit}"
    written = _TERM.match(text)
    kept = written[2][:1].lower() if written else ""
    if kept in SECONDS and f"{seconds // SECONDS[kept]}" == text[: written.end(1) if written else 0]:
        return f"{seconds // SECONDS[kept]}{kept}"
    return spelt(seconds)


def spelt(seconds: int) -> str:
    """A time as Postfix reads it, in the greatest unit that leaves no rest, weeks apart."""
    for letter in "dhm":
        if seconds and seconds % SECONDS[letter] == 0:
            return f"{seconds // SECONDS[letter]}{letter}"
    return f"{seconds}s"
