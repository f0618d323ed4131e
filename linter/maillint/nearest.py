"""The word that was probably meant by a misspelt one. Knows no domain."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """The one candidate that *word* is a slip of; None when there is none, or more than one as near.

    Counted are inserted, lost, replaced and swapped neighbouring characters (optimal string alignment
    distance), case and the difference of ``-`` and ``_`` aside. One slip is forgiven in every five
    characters, in words of four characters one, at most three; in shorter words none.
    """
    lowered = _plain(word)
    allowed = min(3, max(len(lowered) // 5, 1 if len(lowered) >= 4 else 0))
    letters = _letters(lowered)
    best: str | None = None
    tie = False
    for candidate in candidates:
        if abs(len(candidate) - len(lowered)) > allowed:
            continue
        plain = _plain(candidate)
        # Each slip changes at most two letters of the multiset: most candidates end here, cheaply.
        if (letters ^ _letters(plain)).bit_count() > 2 * allowed:
            continue
        distance = _distance(lowered, plain, allowed)
        if distance > allowed:
            continue
        if distance < allowed or best is None:
            tie = distance == allowed and best is not None
        else:
            tie = True
        if not tie:
            best, allowed = candidate, distance
    return None if tie else best


def _plain(word: str) -> str:
    return word.lower().replace("-", "_")


def _letters(word: str) -> int:
    """A bit for each character that the word has."""
    bits = 0
    for character in set(word):
        bits |= 1 << (ord(character) & 63)
    return bits


def _distance(left: str, right: str, limit: int) -> int:
    """The optimal string alignment distance, or a number above *limit* when it is larger."""
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, character in enumerate(left, 1):
        last, before, row = before, row, [i]
        for j, other in enumerate(right, 1):
            cost = before[j - 1] + (character != other)
            cost = min(cost, before[j] + 1, row[j - 1] + 1)
            if i > 1 and j > 1 and character == right[j - 2] and left[i - 2] == other:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return row[-1]
