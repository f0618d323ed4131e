"""The word that was probably meant by a misspelt one. Knows no domain."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """The one candidate that *word* is a slip of; None when there is none, or more than one as near.

    Counted are inserted, lost, replaced and swapped neighbouring characters (optimal string alignment
    distance); case and the difference of ``-`` and ``_`` do not count. One slip is forgiven in every five
    characters, at most three; in words of four characters one, in shorter ones none.

    Only what is misspelt is corrected: where *word* has a part (between ``_``) that is a part of some
    candidate, a candidate with another part in its place is something else, not the same thing misspelt
    (``smtp_...`` and ``smtpd_...``). One that differs in a final ``s`` is still the same. So is a number of
    several digits another one with other digits.
    """
    written = _plain(word)
    allowed = min(3, len(written) // 5) or int(len(written) == 4)
    pool = list(candidates)
    plain_words = [_plain(candidate) for candidate in pool]
    vocabulary: set[str] = set()
    pieces = _pieces(written, allowed)
    best: str | None = None
    found: set[str] = set()
    for candidate, plain in zip(pool, plain_words, strict=True):
        if abs(len(plain) - len(written)) > allowed:
            continue
        if not any(plain.find(piece, low, high) >= 0 for piece, low, high in pieces):
            continue
        distance = _distance(written, plain, allowed)
        if distance > allowed:
            continue
        vocabulary = vocabulary or {part for other in plain_words for part in other.split("_")}
        if _chose_other_part(written, plain, vocabulary) or _numbers(written) != _numbers(plain):
            continue
        if best is None or distance < allowed:
            found.clear()
        best, allowed = candidate, distance
        found.add(plain)
    return best if len(found) == 1 else None


def _plain(word: str) -> str:
    return word.lower().replace("-", "_")


def _pieces(word: str, slips: int) -> list[tuple[str, int, int]]:
    """Pieces of *word*, one of which every word within *slips* has, with the range where it has it.

    A slip damages one piece, or two where it swaps the characters at their border.
    """
    count = max(1, min(2 * slips + 1, len(word)))
    if slips == 0:
        return [(word, 0, len(word))]
    borders = [len(word) * i // count for i in range(count + 1)]
    return [(word[start:end], max(0, start - slips), end + slips) for start, end in pairwise(borders)]


def _chose_other_part(written: str, plain: str, vocabulary: set[str]) -> bool:
    ours, theirs = written.split("_"), plain.split("_")
    return len(ours) == len(theirs) and any(
        our != their and our in vocabulary and our.rstrip("s") != their.rstrip("s")
        for our, their in zip(ours, theirs, strict=True)
    )


def _numbers(word: str) -> list[list[str]]:
    """The digits of each number of several digits, in whatever order."""
    return [sorted(number) for number in re.findall("[0-9]{2,}", word)]


def _middles(left: str, right: str) -> tuple[str, str]:
    """Both words without what they begin and end with alike: that costs no slip."""
    start, shorter = 0, min(len(left), len(right))
    while start < shorter and left[start] == right[start]:
        start += 1
    end, shorter = 0, shorter - start
    while end < shorter and left[-1 - end] == right[-1 - end]:
        end += 1
    return left[start : len(left) - end], right[start : len(right) - end]


def _distance(left: str, right: str, limit: int) -> int:
    """The optimal string alignment distance, or a number above *limit* when it is larger."""
    left, right = _middles(left, right)
    far = limit + 1
    width = len(right) + 1
    before: list[int] = []
    row = [min(j, far) for j in range(width)]
    for i, character in enumerate(left, 1):
        last, before, row = before, row, [far] * width
        if i <= limit:
            row[0] = i
        for j in range(max(1, i - limit), min(len(right), i + limit) + 1):
            other = right[j - 1]
            cost = before[j - 1] + (character != other)
            if cost:
                cost = min(cost, before[j] + 1, row[j - 1] + 1)
                if i > 1 and j > 1 and character == right[j - 2] and left[i - 2] == other:
                    cost = min(cost, last[j - 2] + 1)
            row[j] = cost
        if min(row) > limit:
            return far
    return row[-1]
