"""Postfix versions: parsing, order, and what a branch has received since its first release."""

from __future__ import annotations

from functools import total_ordering


@total_ordering
class Version:
    """A Postfix release such as ``3.7.11``, or a series such as ``3.7`` when no patch level is told.

    Accepted: ``MAJOR.MINOR`` or ``MAJOR.MINOR.PATCH``, and behind it the mark of a release candidate or
    of a snapshot, as ``mail_version`` has them (``3.10-RC1``, ``3.12-20260821``, ``3.9.0-nonprod``): these
    count as the release that they lead to. Anything else raises ValueError with a sentence for the user.

    The order is that of the numbers; a missing patch level counts as 0 there, so ``3.7`` equals ``3.7.0``.
    To ask whether a version has what came with a certain release, use :meth:`has`.
    """

    __slots__ = ("_newest", "_order", "_text", "numbers", "series")

    def __init__(self, text: str) -> None:
        release, mark, _ = text.strip().partition("-")
        parts = release.split(".")
        if not (2 <= len(parts) <= 3 and all(_is_number(part) for part in parts)):
            raise ValueError(f"{text!r} is not a Postfix version; write it like 3.7 or 3.7.11")
        self._text = text.strip()
        self.numbers = tuple(map(int, parts))
        """(major, minor) or (major, minor, patch)."""
        self.series = self.numbers[:2]
        if mark and len(parts) == 2:
            self.numbers = (*self.series, 0)
        self._order = (*self.numbers, 0)[:3]
        self._newest = (*self.numbers, _ANY_PATCH)[:3]

    def has(self, release: Version) -> bool:
        """Whether this version contains *release*: it is the same or a later one.

        A series without patch level stands for its newest patch: distributions ship those, so what was
        added to the series after its first release is taken to be there.
        """
        return self._newest >= release._order

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Version) and self._order == other._order

    def __lt__(self, other: Version) -> bool:
        return self._order < other._order

    def __hash__(self) -> int:
        return hash(self._order)

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return f"Version({self._text!r})"


_ANY_PATCH = 1 << 30


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 4


NEWEST = Version("3.11")
"""The newest stable series that the catalogue describes; the catalogue also knows what 3.12 will bring."""

_FIRST_LEVELLED = Version("3.0")
_FIRST_DOTTED_LEVEL = Version("3.6")


def implied_by_compatibility_level(level: str) -> Version | None:
    """The oldest version for which ``compatibility_level = level`` makes sense; None when it is no level.

    Levels 0, 1 and 2 exist since Postfix 3.0 as whole numbers; since 3.6 a level may have the form of a
    version, and names the release whose changes it accepts (COMPATIBILITY_README, global/compat_level.c).
    """
    parts = level.strip().split(".")
    if not (1 <= len(parts) <= 3 and all(_is_number(part) for part in parts)):
        return None
    if len(parts) == 1:
        return _FIRST_LEVELLED
    return max(Version(level), _FIRST_DOTTED_LEVEL)
