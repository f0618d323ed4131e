"""The source files of lookup tables, read by line as the programs read them that build or open the tables.

``postmap`` (postmap/postmap.c, util/dict_thash.c), ``postalias`` (postalias/postalias.c), and the programs
that open cidr, regexp and pcre tables (util/dict_cidr.c, util/dict_regexp.c, util/dict_pcre.c) share one
notion of a logical line (util/readlline.c); the rest differs. A file is read once and in pieces. A compiled
pattern passes over the lines that are plainly right; only the others are taken apart, and only lines with a
problem are kept. Nothing is judged here.
"""

from __future__ import annotations

import os
import re
from array import array
from bisect import bisect_right
from collections.abc import Callable, Container, Iterator, Sequence
from typing import TYPE_CHECKING, BinaryIO

from maillint.record import NamedTuple
from maillint.syntax.source import Excerpt, Location, Position, Span

from .beside import open_file

if TYPE_CHECKING:
    from typing import Protocol

    class Results(Protocol):
        """What the values of a table are for."""

        def problem(self, key: str, value: str) -> Problem | None:
            """What is wrong with the value of a key; offsets are those of the value."""

    class Syntax(Protocol):
        """How the logical lines of a file are read, one after the other."""

        @property
        def ordinary(self) -> re.Pattern[bytes]:
            """Matches a physical line, in lower case, that is right and all of an entry; its only group is
            the key, and empty for a comment and a blank line."""

        keys_are_unique: bool
        """Whether a key that comes again is a mistake."""

        def entry(self, line: Line) -> Entry:
            """Read one logical line."""

        def end(self) -> Iterator[tuple[Line, Problem]]:
            """What is wrong with earlier lines, as it turns out at the end of the file."""


LIMIT = 100
"""How many problems of one file are kept."""
SMALL = 1 << 11
"""The size of a file, in bytes, up to which each line is taken apart: no pattern is compiled for a few."""
LARGE = 1 << 22
"""The size of a file, in bytes, above which what it holds is not kept in memory."""
MARK = b"maillint:"
"""What a comment holds that is for this program, in lower case."""

INDENTED_START = "indented-start"
"""The first logical line begins with white space."""
NOT_UTF8 = "not-utf8"
MARKED = "marked"
"""The line begins with a byte order mark."""
DUPLICATE = "duplicate"
"""A key that an earlier line has."""

SPACE = " \t\n\v\f\r"
_BLANK = SPACE.encode()
_PIECE = 1 << 17
"""How many bytes are read at a time."""
_MOST_SLOTS = 1 << 24
_MOST_NAMES = 1 << 14
"""How many keys without ``@`` are remembered apart."""
_NO_MARKS = bytes(set(range(256)) - set(b"@\n"))


class Problem(NamedTuple):
    """What is wrong in a line."""

    kind: str
    said: str
    """What Postfix says, in its words, without the name of the file and the number of the line."""
    start: int = 0
    end: int | None = None
    """The range of the logical line that is to blame; None: up to its end."""
    argument: str = ""
    """The word that the problem is about; its meaning depends on the kind."""

    def moved(self, distance: int) -> Problem:
        """The same in a text in which *distance* characters stand before the one that was read."""
        end = None if self.end is None else self.end + distance
        return self._replace(start=self.start + distance, end=end)


class Entry(NamedTuple):
    """What a logical line says."""

    key: str = ""
    """Empty: the line is no entry."""
    value: str = ""
    """Empty: there is none, or it is not known before a look-up."""
    value_start: int = 0
    """The offset of the value in the logical line."""
    problems: tuple[Problem, ...] = ()


class Found(NamedTuple):
    """A problem and where it stands in the file."""

    problem: Problem
    start: Position
    end: Position
    key: str
    """Of the entry; empty where there is none."""
    results: Results | None = None
    """The use of the table that the problem comes from; None: any use has it."""


class Comment(NamedTuple):
    """A comment that is for this program."""

    line: int
    last: int
    """The last line of the entry that it stands above."""


class TableFile:
    """What is wrong in one file."""

    __slots__ = ("comments", "error", "found", "is_cut", "keys", "path", "source")

    def __init__(self, path: str) -> None:
        self.path = path
        self.error = ""
        """Why the file cannot be read; empty: it was."""
        self.found: list[Found] = []
        """In the order of the file."""
        self.comments: list[Comment] = []
        self.is_cut = False
        """Whether there are more than :data:`LIMIT` problems, and the rest of the file was left."""
        self.source = Excerpt(path, {})
        """The lines that are touched."""
        self.keys: Keys | None = None
        """The keys of a file that is :data:`LARGE`; None: it is not, or was not read to its end."""

    def location(self, found: Found) -> Location:
        start, end = map(self._offset, (found.start, found.end))
        return Location(self.source, Span(start, end))

    def text(self, found: Found) -> str:
        """What is to blame, as it stands in the file."""
        return self.location(found).text

    def line_location(self, number: int) -> Location:
        """The line *number*, one of those kept."""
        start = self.source.line_start(number)
        return Location(self.source, Span(start, start + len(self.source.line(number))))

    def reach(self, comment: Comment) -> Span:
        """From *comment* to the end of the entry that it stands above, in :attr:`source`."""
        start = self.source.line_start(comment.line)
        end = self.source.line_start(comment.last)
        return Span(start, end + len(self.source.line(comment.last)))

    def _offset(self, position: Position) -> int:
        return self.source.line_start(position.line) + position.column - 1


class Line(NamedTuple):
    """A logical line."""

    text: str
    numbers: tuple[int, ...]
    """Of the physical lines that it consists of."""
    starts: tuple[int, ...]
    """Where each of them starts in *text*."""

    def position(self, offset: int) -> Position:
        at = bisect_right(self.starts, offset) - 1
        return Position(self.numbers[at], offset - self.starts[at] + 1)

    def physical(self, at: int) -> str:
        """The text of the physical line ``numbers[at]``."""
        end = self.starts[at + 1] if at + 1 < len(self.starts) else len(self.text)
        return self.text[self.starts[at] : end]


def read(path: str, syntax: Syntax, results: Sequence[Results] = (), secret: bool = False) -> TableFile:
    """Read the file at *path*; *results*: what its values are for, once for each use.

    *secret*: the values are passwords, so that nothing of a line is kept but its number.
    """
    table = TableFile(path)
    try:
        with open_file(path) as file:
            _Reader(table, syntax, results, secret, size(file)).read(file)
    except OSError as error:
        table.error = (error.strerror or str(error)).lower()
    return table


def lines(path: str) -> Iterator[Line]:
    """The logical lines of the file at *path*, without comments; OSError: it cannot be read."""
    with open_file(path) as file:
        for number, piece in pieces(file):
            yield from _entries_in(piece, number)


def size(file: BinaryIO) -> int:
    """Of *file*, in bytes."""
    end = file.seek(0, os.SEEK_END)
    file.seek(0)
    return end


def pieces(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The file in pieces of whole logical lines, each with the number of its first line."""
    number, waiting = 1, bytearray()
    while data := file.read(_PIECE):
        looked_at = max(len(waiting) - 1, 0)
        waiting += data
        cut = _last_start(waiting, looked_at)
        if cut:
            piece = bytes(waiting[:cut])
            del waiting[:cut]
            yield number, piece
            number += piece.count(b"\n")
    if waiting:
        yield number, bytes(waiting if waiting.endswith(b"\n") else waiting + b"\n")


def _last_start(text: bytearray, since: int) -> int:
    """Where the last line begins that can be no continuation, nor a comment inside of one; 0: nowhere."""
    end = len(text) - 1
    while (at := text.rfind(b"\n", since, end)) >= 0:
        if text[at + 1] not in b" \t\n\v\f\r#":
            return at + 1
        end = at
    return 0


class Keys:
    """Which keys a file has, in little memory: the hash of each in a slot that follows from it."""

    __slots__ = ("_crowded", "_mask", "_slots", "names", "repeated", "syntax")

    def __init__(self, syntax: Syntax, size: int) -> None:
        """*size*: of the file, in bytes."""
        count = min(1 << max(size // 32, 64).bit_length(), _MOST_SLOTS)
        self.syntax = syntax
        """How the file is read."""
        self._mask = count - 1
        self._slots = array("q", bytes(8 * count))
        self._crowded: set[int] = set()
        """The hashes whose slot another one has."""
        self.repeated: set[int] = set()
        """The hashes of keys that came again."""
        self.names: set[int] | None = set() if size > LARGE else None
        """The hashes of the keys without ``@``; None: nobody remembers them, or there are many."""

    def add(self, keys: Sequence[bytes]) -> None:
        """Empty keys, whose hash is 0, leave no trace."""
        slots, mask = self._slots, self._mask
        for code in map(hash, keys):
            slot = code & mask
            known = slots[slot]
            if not known:
                slots[slot] = code
            elif known == code or code in self._crowded:
                self.repeated.add(code)
            elif code:
                self._crowded.add(code)
        if self.names is not None and _has_names(keys):
            self.names.update(hash(key) for key in keys if key and b"@" not in key)
            if len(self.names) > _MOST_NAMES:
                self.names = None

    def __contains__(self, key: bytes) -> bool:
        """Whether there is *key*, in small letters; another one of the same hash is as good as none."""
        code = hash(key)
        return self.slot(code) is not None or code in self._crowded

    @property
    def count(self) -> int:
        """Of the slots."""
        return self._mask + 1

    def slot(self, code: int) -> int | None:
        """The slot of a hash; None: it is not there, or another one has it."""
        slot = code & self._mask
        return slot if self._slots[slot] == code else None


def _has_names(keys: Sequence[bytes]) -> bool:
    """Whether one of *keys* has no ``@``, as if by looking at each of them, and much faster."""
    marks = b"\n%b\n" % b"\n".join(keys).translate(None, _NO_MARKS)
    return b"\n\n" in marks


class _Reader:
    """Goes through one file."""

    __slots__ = (
        "_is_large", "_is_small", "_kept", "_pending", "_results", "_secret", "_seen", "_syntax", "_table",
    )  # fmt: skip

    def __init__(
        self, table: TableFile, syntax: Syntax, results: Sequence[Results], secret: bool, size: int
    ) -> None:
        self._table = table
        self._syntax = syntax
        self._results = results
        self._secret = secret
        self._seen = Keys(syntax, size) if syntax.keys_are_unique else None
        self._is_small = size <= SMALL
        self._is_large = size > LARGE
        self._kept: dict[int, str] = {}
        self._pending: list[int] = []
        """The comments whose entry has not come yet."""

    def read(self, file: BinaryIO) -> None:
        for number, piece in pieces(file):
            keys = None if self._pending or self._is_small else plain_keys(self._syntax, piece)
            if keys is not None:
                self._remember(keys)
            else:
                self._read_lines(piece, number)
            if len(self._table.found) > LIMIT:
                break
        else:
            for line, problem in self._syntax.end():
                self._add(line, problem)
            self._find_duplicates(file)
        self._close_comments(None)
        table = self._table
        table.found.sort(key=lambda found: (found.start, found.end))
        table.is_cut = len(table.found) > LIMIT
        del table.found[LIMIT:]
        if self._is_large and not table.is_cut:
            table.keys = self._seen
        table.source = Excerpt(table.path, self._kept)

    def _remember(self, keys: Sequence[bytes]) -> None:
        if self._seen is not None:
            self._seen.add(keys)

    # --- lines that need a closer look -------------------------------------------------------------------

    def _read_lines(self, piece: bytes, number: int) -> None:
        for line in _logical_lines(piece, number, self._note_comment):
            self._close_comments(line)
            key = None if self._is_small else _plain_key(self._syntax, line)
            if key is None:
                key = _folded(self._entry(line).key)
            self._remember((key,))

    def _entry(self, line: Line) -> Entry:
        if line.text[:1] in tuple(SPACE):
            self._add(line, Problem(INDENTED_START, "logical line must not start with whitespace"))
            return Entry()
        if any("\udc80" <= character <= "\udcff" for character in line.text):
            self._add(line, Problem(NOT_UTF8, "non-UTF-8 input"))
            return Entry()
        if line.text.startswith("\ufeff"):
            self._add(line, Problem(MARKED, "", 0, 1))
            return Entry()
        entry = self._syntax.entry(line)
        for problem in entry.problems:
            self._add(line, problem, entry.key)
        if entry.value:
            for results in self._results:
                found = results.problem(entry.key, entry.value)
                if found is not None:
                    self._add(line, found.moved(entry.value_start), entry.key, results)
        return entry

    def _add(self, line: Line, problem: Problem, key: str = "", results: Results | None = None) -> None:
        last = len(line.text) if problem.end is None else problem.end
        start, end = line.position(problem.start), line.position(max(last - 1, problem.start))
        end = Position(end.line, end.column + (last > problem.start))
        if self._secret:
            start, end = Position(start.line, 1), Position(start.line, 2)
            argument = problem.argument if problem.kind == DUPLICATE else ""
            problem, key = problem._replace(said="", argument=argument), ""
        self._keep(line, start.line, end.line)
        self._table.found.append(Found(problem, start, end, key, results))

    def _keep(self, line: Line, first: int, last: int) -> None:
        for at, number in enumerate(line.numbers):
            if first <= number <= last:
                self._kept[number] = "…" if self._secret else line.physical(at)

    # --- comments ----------------------------------------------------------------------------------------

    def _note_comment(self, number: int, text: bytes) -> None:
        if MARK in text.lower():
            self._kept[number] = text.decode("utf-8", "surrogateescape")
            self._pending.append(number)

    def _close_comments(self, line: Line | None) -> None:
        """The comments above *line*, or within it, are about it; None: the rest is about nothing."""
        left: list[int] = []
        for number in self._pending:
            if line is None:
                self._table.comments.append(Comment(number, number))
            elif number < line.numbers[-1]:
                self._table.comments.append(Comment(number, line.numbers[-1]))
            else:
                left.append(number)
        self._pending = left

    # --- keys that come again ----------------------------------------------------------------------------

    def _find_duplicates(self, file: BinaryIO) -> None:
        """Go through the file again for the lines of the keys that came again."""
        wanted = self._seen.repeated if self._seen is not None else ()
        if not wanted:
            return
        first: dict[bytes, Line] = {}
        file.seek(0)
        for number, piece in pieces(file):
            for line, key in lines_with(wanted, self._syntax, piece, number):
                earlier = first.setdefault(key, line)
                if earlier is not line:
                    self._keep(earlier, earlier.numbers[0], earlier.numbers[0])
                    name = key.decode("utf-8", "surrogateescape")
                    said = f'duplicate entry: "{name}"'
                    self._add(line, Problem(DUPLICATE, said, 0, len(name), str(earlier.numbers[0])), name)
                    if len(self._table.found) > LIMIT:
                        return


def plain_keys(syntax: Syntax, piece: bytes) -> list[bytes] | None:
    """The keys of the lines of *piece*, empty for those that have none; None: some need a closer look."""
    folded = piece.lower()
    keys: list[bytes] = syntax.ordinary.findall(folded)
    return keys if len(keys) == folded.count(b"\n") else None


def _plain_key(syntax: Syntax, line: Line) -> bytes | None:
    """The key of a line that is right; None: it needs a closer look."""
    if len(line.numbers) > 1:
        return None
    found = syntax.ordinary.match(_folded(line.text) + b"\n")
    return found[1] if found is not None else None


def keys_of(syntax: Syntax, piece: bytes) -> Sequence[bytes]:
    """The keys of the lines of *piece*, in small letters, some of them empty."""
    keys = plain_keys(syntax, piece)
    if keys is not None:
        return keys
    return [_folded(syntax.entry(line).key) for line in _entries_in(piece, 0)]


def lines_with(
    wanted: Container[int], syntax: Syntax, piece: bytes, number: int
) -> Iterator[tuple[Line, bytes]]:
    """The lines of *piece* whose key has one of the *wanted* hashes, each with its key in small letters."""
    keys = plain_keys(syntax, piece)
    if keys is None:
        for line in _entries_in(piece, number):
            key = _plain_key(syntax, line)
            if key is None:
                key = _folded(syntax.entry(line).key)
            if hash(key) in wanted:
                yield line, key
        return
    hits = [at for at, key in enumerate(keys) if hash(key) in wanted]
    if hits:
        texts = piece.split(b"\n")
        for at in hits:
            yield Line(texts[at].decode("utf-8", "surrogateescape"), (number + at,), (0,)), keys[at]


def _entries_in(piece: bytes, number: int) -> Iterator[Line]:
    return _logical_lines(piece, number, lambda number, text: None)


def _logical_lines(piece: bytes, number: int, note: Callable[[int, bytes], None]) -> Iterator[Line]:
    """The logical lines of *piece*, which begins with line *number*.

    Comments go to *note*, with their number. One comes before the logical line that it stands in, but also
    before the one that it stands behind.
    """
    parts: list[tuple[int, bytes]] = []
    for at, physical in enumerate(piece.split(b"\n")[:-1], number):
        bare = physical.lstrip(_BLANK)
        if not bare or bare.startswith(b"#"):
            note(at, physical)
            continue
        if parts and physical[0] not in _BLANK:
            yield _line(parts)
            parts = []
        parts.append((at, physical))
    if parts:
        yield _line(parts)


def _line(parts: list[tuple[int, bytes]]) -> Line:
    texts = [part.decode("utf-8", "surrogateescape") for _, part in parts]
    starts = [0]
    for text in texts[:-1]:
        starts.append(starts[-1] + len(text))
    # What is behind a NUL is not seen by the programs.
    text = "".join(texts).partition("\0")[0]
    return Line(text, tuple(number for number, _ in parts), tuple(starts))


def _folded(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape").lower()
