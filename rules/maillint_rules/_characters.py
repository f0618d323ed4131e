"""Characters that nobody types: they come with what is copied from a page or a word processor."""

from __future__ import annotations

import re
from functools import cache

BYTE_ORDER_MARK = "\ufeff"

_BLANKS = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_INVISIBLE = "\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff"
_QUOTES = "\u00ab\u00bb\u2018-\u201f\u2039\u203a"
_DASHES = "\u2010-\u2015\u2212"

_KINDS = (
    (_BLANKS, "a blank that Postfix does not take for one", " "),
    (_INVISIBLE, "an invisible character", ""),
    (_QUOTES, "a typographic quotation mark", ""),
    (_DASHES, "a dash that is none for Postfix", "-"),
)


@cache
def pattern() -> re.Pattern[str]:
    """Matches one such character."""
    return re.compile(f"[{_BLANKS}{_INVISIBLE}{_QUOTES}{_DASHES}]")


def described(character: str) -> tuple[str, str]:
    """What *character* is, with its number, and what to write in its place."""
    for characters, what, instead in _KINDS:
        if re.match(f"[{characters}]", character):
            return f"{what} (U+{ord(character):04X})", instead
    raise ValueError(f"{character!r} is none of these")


def in_ascii(text: str) -> str:
    """*text* with what was meant in the place of each such character."""
    return pattern().sub(lambda found: described(found[0])[1], text)
