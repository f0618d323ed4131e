"""What a lookup table holds for a key, where its source can be read.

That is so for tables that are written out in a configuration, and for text files beside main.cf: the source
of an index (postmap(1) is taken to have been run), and texthash, cidr, regexp and pcre files. Of all others,
and of patterns that cannot be compared here without danger, nothing is known. Nothing is judged here.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from maillint.record import NamedTuple
from maillint.syntax.lists import open_group, split_list
from maillint.syntax.logical import WHITE_SPACE

from .beside import path_beside
from .tables import Table, parse_table
from .vocabulary import table_types

if TYPE_CHECKING:
    from .configuration import Configuration, View

FOUND = "found"
MISSING = "missing"
UNKNOWN = "unknown"
FAILED = "failed"
"""Each look-up ends with an error."""

_INDEX_OR_TEXT = ("index", "text")
_DEEPEST = 20


class Found(NamedTuple):
    """The answer of a table."""

    state: str
    value: str = ""
    path: str = ""
    """The file; empty: the table is written out in the configuration."""
    line: int = 0
    key: str = ""
    """As it is written."""


_MISSING = Found(MISSING)
_UNKNOWN = Found(UNKNOWN)
_FAILED = Found(FAILED)


class Contents:
    """A table; this one answers nothing."""

    is_fixed = True
    """Whether parents of domains and networks are looked up in it (DICT_FLAG_FIXED)."""
    is_known = False
    """Whether all that it holds is known."""

    def find(self, key: str) -> Found:
        return _UNKNOWN

    def has(self, key: str) -> bool:
        """Whether it has an answer for *key*, without the answer."""
        return self.find(key).state == FOUND

    def entries(self) -> Iterator[Found]:
        """All that it may answer."""
        return iter(())

    def all_keys(self) -> Iterator[str]:
        """The keys of the entries, in small letters."""
        return (entry.key.lower() for entry in self.entries())

    def names(self) -> Iterator[Found]:
        """The entries whose keys are no addresses: without ``@``."""
        return (entry for entry in self.entries() if "@" not in entry.key)


class Failing(Contents):
    """A table that nobody can use."""

    is_known = True

    def find(self, key: str) -> Found:
        return _FAILED


class _Static(Contents):
    is_known = True

    def __init__(self, value: str) -> None:
        self._answer = Found(FOUND, value, key="*")

    def find(self, key: str) -> Found:
        return self._answer

    def entries(self) -> Iterator[Found]:
        yield self._answer


class Keyed(Contents):
    """A table that knows its keys."""

    is_known = True

    def __init__(self, entries: Iterable[Found]) -> None:
        self._entries: dict[str, Found] = {}
        for entry in entries:
            self._entries.setdefault(entry.key.lower(), entry)

    def without_capitals(self) -> Keyed:
        """The table as proxymap(8) has it, which asks for small letters, and keeps the keys as written."""
        return Keyed(entry for key, entry in self._entries.items() if entry.key == key)

    def find(self, key: str) -> Found:
        return self._entries.get(key.lower(), _MISSING)

    def entries(self) -> Iterator[Found]:
        yield from self._entries.values()


class _Union(Contents):
    """Several tables: what they hold, joined by commas."""

    def __init__(self, members: Sequence[Contents]) -> None:
        self._members = members
        self.is_known = all(member.is_known for member in members)

    def find(self, key: str) -> Found:
        answers = [member.find(key) for member in self._members]
        for state in (FAILED, UNKNOWN):
            if any(answer.state == state for answer in answers):
                return Found(state)
        values = [answer for answer in answers if answer.state == FOUND]
        if not values:
            return _MISSING
        return values[0]._replace(value=",".join(answer.value for answer in values))

    def entries(self) -> Iterator[Found]:
        for member in self._members:
            yield from member.entries()


class _Pipe(Contents):
    """Several tables: the answer of one is the key for the next."""

    def __init__(self, members: Sequence[Contents]) -> None:
        self._members = members
        self.is_known = all(member.is_known for member in members)

    def find(self, key: str) -> Found:
        answer = _MISSING
        for member in self._members:
            answer = member.find(key)
            if answer.state != FOUND:
                break
            key = answer.value
        return answer

    def entries(self) -> Iterator[Found]:
        if self._members:
            yield from self._members[-1].entries()


def open_table(text: str, view: View) -> Contents:
    """The table ``TYPE:NAME`` as the program of *view* has it."""
    config = view.configuration
    memo: dict[str, Contents] = config.memo.setdefault("open_table", {})
    found = memo.get(text)
    if found is None:
        found = memo[text] = _open(parse_table(text, config.version), config, _DEEPEST)
    return found


def _open(table: Table, config: Configuration, depth: int) -> Contents:
    if any(not problem.fatal for problem in table.problems) or table.type == "fail":
        return Failing()
    if "…" in table.name or table.problems or depth == 0:
        return Contents()
    members = [_open(member, config, depth - 1) for member in table.members]
    if table.type in ("proxy", "debug"):
        member = members[0]
        written = table.type == "proxy" and table.members[0].type in ("inline", "texthash")
        return member.without_capitals() if written and isinstance(member, Keyed) else member
    if table.type == "unionmap":
        return _Union(members)
    if table.type == "pipemap":
        return _Pipe(members)
    if table.type == "static":
        return _Static(open_group(table.name).payload if table.name.startswith("{") else table.name)
    known = table_types().get(table.type)
    if table.type == "inline":
        return Keyed(reversed(list(_inline(table.name))))  # of a key that comes twice, the last counts
    if known is None or known.name not in _INDEX_OR_TEXT:
        return Contents()
    path = ""
    if not table.name.startswith("{"):
        path = path_beside(config, table.name) or ""
        if not os.path.isfile(path):
            return Contents()
    from .table_source import read_table

    return read_table(table, path, config)


def _inline(name: str) -> Iterator[Found]:
    for item in split_list(open_group(name).payload, braces=True):
        pair = open_group(item.text).payload if item.text.startswith("{") else item.text
        key, _, value = pair.partition("=")
        yield Found(FOUND, value.strip(WHITE_SPACE), key=key.strip(WHITE_SPACE))
