"""Places as the protocol counts them: lines from 0, columns in units of an encoding."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from maillint.syntax.source import Location, Position, Source

UTF8 = "utf-8"
UTF16 = "utf-16"
UTF32 = "utf-32"
ENCODINGS = (UTF8, UTF16, UTF32)


class Positions:
    """Counts as client and server have agreed to."""

    __slots__ = ("encoding",)

    def __init__(self, encoding: str = UTF16) -> None:
        self.encoding = encoding

    def units(self, text: str) -> int:
        """The length of *text*."""
        if self.encoding == UTF32 or text.isascii():
            return len(text)
        if self.encoding == UTF16:
            return len(text) + sum(character > "\uffff" for character in text)
        return len(text.encode("utf-8", "surrogatepass"))

    def outside(self, source: Source, position: Position) -> tuple[int, int]:
        """The line and column of *position*, which is in *source*, for the client."""
        line, column = position
        return line - 1, self.units(source.line(line)[: column - 1])

    def range(self, location: Location) -> tuple[tuple[int, int], tuple[int, int]]:
        source = location.source
        return self.outside(source, location.start), self.outside(source, location.end)

    def offset(self, source: Source, line: int, column: int) -> int:
        """The offset in *source* of a place that the client names; one outside of it counts as its edge."""
        last = source.position(len(source.text)).line
        if line >= last:
            return len(source.text)
        number = max(line, 0) + 1
        text = source.line(number)
        return source.line_start(number) + self._index(text, column)

    def _index(self, text: str, column: int) -> int:
        if self.encoding == UTF32 or text.isascii():
            return max(0, min(column, len(text)))
        taken = 0
        for index, character in enumerate(text):
            taken += self.units(character)
            if taken > column:
                return index
        return len(text)
