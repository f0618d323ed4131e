"""Reading ``data/*.tsv``: files of facts, one a line, whose first lines explain their columns."""

from __future__ import annotations

import os
from functools import cache

from .version import Version

_DATA = os.path.join(os.path.dirname(__file__), "data")


@cache
def lines(section: str) -> list[str]:
    """The lines of ``data/SECTION.tsv`` that are no comments."""
    with open(os.path.join(_DATA, section + ".tsv"), encoding="utf-8") as file:
        return [line for line in file.read().split("\n") if line and line[0] != "#"]


@cache
def index(section: str) -> dict[str, str]:
    """The lines of a file by their first cell."""
    return {line.partition("\t")[0]: line for line in lines(section)}


@cache
def release(text: str) -> Version | None:
    """The release in a cell; None for an empty one."""
    return Version(text) if text else None


class Arrival:
    """The releases that brought something: the first of the main line, then those of older series."""

    __slots__ = ("backports", "release")

    def __init__(self, release: Version | None, backports: tuple[Version, ...]) -> None:
        self.release = release
        """None: it is older than the oldest version that the file speaks of."""
        self.backports = backports

    def within(self, version: Version) -> bool:
        """Whether *version* has it."""
        if self.release is None or version.has(self.release):
            return True
        return any(port.series == version.series and version.has(port) for port in self.backports)


@cache
def arrival(text: str) -> Arrival:
    """The arrival in a cell: versions separated by blanks, such as ``3.9 3.7.10 3.8.5``."""
    first, _, backports = text.partition(" ")
    return Arrival(release(first), tuple(Version(port) for port in backports.split()))


def dated_words(cell: str) -> dict[str, Arrival]:
    """``WORD WORD@RELEASE,PORT``: the words with the releases that brought them."""
    parts = (word.partition("@") for word in cell.split())
    return {word: arrival(releases.replace(",", " ")) for word, _, releases in parts}


def in_period(cell: str, version: Version) -> bool:
    """Whether a version is in one of the ranges ``FROM..BEFORE``; either end may be missing."""
    for part in cell.split():
        first, _, before = part.partition("..")
        start, end = release(first), release(before)
        if (start is None or version.has(start)) and not (end and version.has(end)):
            return True
    return False
