"""A table whose file is too large to be kept: its keys are remembered as hashes, the rest is read again.

It answers like a small one, in little memory: a key that is not there costs nothing, one that is there a
piece of the file, and what asks for all entries goes through the file from its beginning. Nothing is judged
here.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from .beside import open_file
from .table_lookup import FOUND, MISSING, Contents, Found
from .table_syntax import Postmap
from .tablefile import Keys, keys_of, lines_with, pieces, size

if TYPE_CHECKING:
    from .configuration import Configuration
    from .tablefile import Line

_MISSING = Found(MISSING)


def open_large(path: str, config: Configuration) -> LargeTable:
    """The source of an index at *path*; OSError: it cannot be read.

    Whoever judged the lines of the file has remembered its keys; otherwise they are looked for now.
    """
    for table in config.tables:
        if table.path == path and table.keys is not None and isinstance(table.keys.syntax, Postmap):
            return LargeTable(path, table.keys)
    return LargeTable(path, keys_in(path))


def keys_in(path: str) -> Keys:
    """The keys of the file at *path*; OSError: it cannot be read."""
    syntax = Postmap(())
    with open_file(path) as file:
        keys = Keys(syntax, size(file))
        for _, piece in pieces(file):
            keys.add(keys_of(syntax, piece))
    return keys


class LargeTable(Contents):
    """The source of an index, of which the first entry of a key counts."""

    is_known = True

    def __init__(self, path: str, keys: Keys) -> None:
        self._path = path
        self._keys = keys
        self._places: _Places | None = None
        self._found: dict[str, Found] = {}
        """What was found, by key in small letters."""

    def has(self, key: str) -> bool:
        return _folded(key) in self._keys

    def find(self, key: str) -> Found:
        key = key.lower()
        if not self.has(key):
            return _MISSING
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._look_up(key)
        return found

    def _look_up(self, key: str) -> Found:
        if self._places is None:
            self._places = _Places(self._path, self._keys)
        code = hash(_folded(key))
        number, piece = self._places.piece_with(code)
        for line, _ in lines_with((code,), self._keys.syntax, piece, number):
            found = self._entry(line)
            if found is not None and found.key.lower() == key:
                return found
        return _MISSING

    def entries(self) -> Iterator[Found]:
        return self._entries(_Everything())

    def names(self) -> Iterator[Found]:
        names = self._keys.names
        if names is None:
            return super().names()
        return self._entries(names) if names else iter(())

    def all_keys(self) -> Iterator[str]:
        seen: set[bytes] = set()
        with open_file(self._path) as file:
            for _, piece in pieces(file):
                for key in keys_of(self._keys.syntax, piece):
                    if key and self._is_first(key, seen):
                        yield key.decode("utf-8", "surrogateescape").lower()

    def _entries(self, wanted: set[int] | _Everything) -> Iterator[Found]:
        seen: set[bytes] = set()
        with open_file(self._path) as file:
            for number, piece in pieces(file):
                for line, key in lines_with(wanted, self._keys.syntax, piece, number):
                    found = self._entry(line) if key and self._is_first(key, seen) else None
                    if found is not None:
                        yield found

    def _is_first(self, key: bytes, seen: set[bytes]) -> bool:
        """Whether *key* was not *seen* before; of keys that come once, nothing is kept."""
        if hash(key) not in self._keys.repeated:
            return True
        known = len(seen)
        seen.add(key)
        return len(seen) > known

    def _entry(self, line: Line) -> Found | None:
        entry = self._keys.syntax.entry(line)
        return Found(FOUND, entry.value, self._path, line.numbers[0], entry.key) if entry.value else None


class _Everything:
    """Has all hashes."""

    def __contains__(self, code: object) -> bool:
        return True


class _Places:
    """In which piece of a file each key stands first."""

    def __init__(self, path: str, keys: Keys) -> None:
        self._path = path
        self._keys = keys
        self._starts: list[tuple[int, int, int]] = []
        """Of each piece: the offset, the size, and the number of the first line."""
        self._slots = array("I", bytes(array("I").itemsize * keys.count))
        """By slot of the key, the number of the piece, from 1."""
        self._crowded: dict[int, int] = {}
        """The same by hash, of keys without a slot."""
        offset = 0
        with open_file(path) as file:
            for number, piece in pieces(file):
                self._starts.append((offset, len(piece), number))
                self._note(keys_of(keys.syntax, piece))
                offset += len(piece)

    def _note(self, found: Iterable[bytes]) -> None:
        at = len(self._starts)
        for code in map(hash, found):
            slot = self._keys.slot(code)
            if slot is None:
                self._crowded.setdefault(code, at)
            elif not self._slots[slot]:
                self._slots[slot] = at

    def piece_with(self, code: int) -> tuple[int, bytes]:
        """The number of its first line, and the piece, where the key with the hash *code* is."""
        slot = self._keys.slot(code)
        at = self._crowded[code] if slot is None else self._slots[slot]
        offset, size, number = self._starts[at - 1]
        with open_file(self._path) as file:
            file.seek(offset)
            piece = file.read(size)
        return number, piece if piece.endswith(b"\n") else piece + b"\n"


def _folded(key: str) -> bytes:
    return key.lower().encode("utf-8", "surrogateescape")
