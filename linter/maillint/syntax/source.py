"""A file's text, and places in it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping

from maillint.record import NamedTuple

OPAQUE = "\ufdd0"
"""A character that no text has (Unicode, "noncharacters"): it stands for what is not known of a text."""


class Span(NamedTuple):
    """A half-open range of character offsets, counted from 0."""

    start: int
    end: int


class Position(NamedTuple):
    """A place as people count: line and column from 1, columns in characters."""

    line: int
    column: int


class Source:
    """The text of one file and the index of its lines.

    The text is the file's bytes decoded as UTF-8 with ``surrogateescape``, so any bytes
    survive: ``source.to_bytes()`` gives them back. Lines end at LF only, as in Postfix
    (util/readlline.c); a CR belongs to its line.
    """

    __slots__ = ("_starts", "path", "text")

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self._starts: list[int] | None = None

    @classmethod
    def from_bytes(cls, path: str, data: bytes) -> Source:
        """The source of a file at *path* that holds *data*."""
        return cls(path, data.decode("utf-8", "surrogateescape"))

    def to_bytes(self) -> bytes:
        """The bytes of the file, exactly."""
        return self.text.encode("utf-8", "surrogateescape")

    def position(self, offset: int) -> Position:
        """The line and column of a character offset (0 to the length of the text)."""
        starts = self._line_starts()
        index = bisect_right(starts, offset) - 1
        return Position(index + 1, offset - starts[index] + 1)

    def line(self, number: int) -> str:
        """The text of line *number* (from 1), without its LF."""
        starts = self._line_starts()
        start = starts[number - 1]
        end = starts[number] - 1 if number < len(starts) else len(self.text)
        return self.text[start:end]

    def line_start(self, number: int) -> int:
        """The offset of the first character of line *number* (from 1)."""
        return self._line_starts()[number - 1]

    def _line_starts(self) -> list[int]:
        if self._starts is None:
            starts = [0]
            text, found = self.text, -1
            while (found := text.find("\n", found + 1)) >= 0:
                starts.append(found + 1)
            self._starts = starts
        return self._starts


class Excerpt(Source):
    """Some lines of a file, which keep their numbers. Offsets count in the excerpt."""

    __slots__ = ("_numbers",)

    def __init__(self, path: str, lines: Mapping[int, str]) -> None:
        """*lines*: the text of each, without LF, by its number in the file."""
        self._numbers = tuple(sorted(lines))
        super().__init__(path, "\n".join(lines[number] for number in self._numbers))

    def position(self, offset: int) -> Position:
        index, column = super().position(offset)
        return Position(self._numbers[index - 1], column)

    def line(self, number: int) -> str:
        """The text of line *number* of the file; empty when it is not in the excerpt."""
        index = bisect_right(self._numbers, number)
        return super().line(index) if index and self._numbers[index - 1] == number else ""

    def line_start(self, number: int) -> int:
        return super().line_start(bisect_right(self._numbers, number))


class Location(NamedTuple):
    """A range of one source."""

    source: Source
    span: Span

    @property
    def start(self) -> Position:
        return self.source.position(self.span.start)

    @property
    def end(self) -> Position:
        """The position just behind the range."""
        return self.source.position(self.span.end)

    @property
    def text(self) -> str:
        return self.source.text[self.span.start : self.span.end]


class LogicalText:
    """What Postfix sees of a value or word after it has joined the physical lines.

    Continuation drops newlines and the comments and blank lines between, so a position in
    the joined *text* is not a position in the file: ``location`` leads back.
    """

    __slots__ = ("_pieces", "source", "text")

    def __init__(self, source: Source, text: str, pieces: tuple[tuple[int, int], ...]) -> None:
        """*pieces*: (offset in *text*, offset in the source) of each run, ascending."""
        self.source = source
        self.text = text
        self._pieces = pieces

    @property
    def span(self) -> Span:
        """From the first to behind the last character, in the source."""
        return self.location().span

    def location(self, start: int = 0, end: int | None = None) -> Location:
        """Where ``text[start:end]`` stands in the file."""
        if end is None:
            end = len(self.text)
        first = self._source_offset(start)
        last = self._source_offset(end - 1) + 1 if end > start else first
        return Location(self.source, Span(first, last))

    def offset(self, source_offset: int) -> int:
        """The offset in *text* of a character of the file; what is not in it counts as what follows."""
        pieces = self._pieces
        index = max(bisect_right(pieces, source_offset, key=lambda piece: piece[1]) - 1, 0)
        at, to = pieces[index]
        end = pieces[index + 1][0] if index + 1 < len(pieces) else len(self.text)
        return min(at + max(source_offset - to, 0), end)

    def slice(self, start: int, end: int) -> LogicalText:
        """``text[start:end]`` as a logical text of its own."""
        pieces = [(0, self._source_offset(start))]
        pieces += [(at - start, to) for at, to in self._pieces if start < at < end]
        return LogicalText(self.source, self.text[start:end], tuple(pieces))

    def _source_offset(self, offset: int) -> int:
        pieces = self._pieces
        index = bisect_right(pieces, offset, key=lambda piece: piece[0]) - 1 if len(pieces) > 1 else 0
        at, to = pieces[index]
        return to + offset - at

    def __str__(self) -> str:
        return self.text
