"""A text put together from parts of a file, whose places are those of the file."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from maillint.record import NamedTuple
from maillint.syntax.source import Position, Source

MAIN_CF = "main.cf"
MASTER_CF = "master.cf"


class Piece(NamedTuple):
    """Characters of a part, and where the first of them stands in the file."""

    text: str
    offset: int


class Part(NamedTuple):
    """One setting or service found in a file of another kind."""

    kind: str
    """MAIN_CF or MASTER_CF: what it is a line of."""
    service: str
    """``name/type`` when it is about one service only; empty: about all."""
    pieces: tuple[Piece, ...]
    """What it says, without the line end."""

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


class Extract(Source):
    """Parts of a file, one a line."""

    __slots__ = ("_offsets", "_origins", "_whole")

    def __init__(self, whole: Source, parts: Iterable[Part]) -> None:
        """*whole*: the file that the parts are from."""
        self._whole = whole
        self._offsets: list[int] = []
        self._origins: list[int] = []
        texts: list[str] = []
        length = 0
        for part in parts:
            end = 0
            for text, offset in part.pieces:
                self._offsets.append(length)
                self._origins.append(offset)
                texts.append(text)
                length += len(text)
                end = offset + len(text)
            self._offsets.append(length)
            self._origins.append(end)
            texts.append("\n")
            length += 1
        super().__init__(whole.path, "".join(texts))

    def position(self, offset: int) -> Position:
        return self._whole.position(self.origin(offset))

    def line(self, number: int) -> str:
        return self._whole.line(number)

    def line_start(self, number: int) -> int:
        return self._whole.line_start(number)

    def origin(self, offset: int) -> int:
        """Where the character at *offset* stands in the file."""
        index = max(0, bisect_right(self._offsets, offset) - 1)
        if not self._offsets:
            return 0
        return min(self._origins[index] + offset - self._offsets[index], len(self._whole.text))
