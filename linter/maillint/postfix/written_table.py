"""Lookup tables that are written out where they are named: ``static:OK``, ``inline:{ key=value }``.

The types are static and inline (util/dict_static.c, util/dict_inline.c), and cidr, regexp and pcre, whose
rules may stand in braces (util/dict_stream.c). Nothing is judged here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.syntax.lists import open_group, split_list
from maillint.syntax.source import Position

from .table_results import EMPTY_RESULT
from .tablefile import SPACE, Entry, Found, Line, Problem
from .tables import key_length

if TYPE_CHECKING:
    from .tablefile import Results, Syntax
    from .tables import Table

_ANY_KEY = "*"


def is_written_out(table: Table) -> bool:
    """Whether what *table* holds stands in its name, and can be read."""
    if table.problems:
        return False
    if table.type == "static":
        return True
    return table.type in ("inline", "cidr", "regexp", "pcre") and table.name.startswith("{")


def written_pairs(table: Table) -> list[tuple[str, str]]:
    """The keys and values of an inline table, which is written out."""
    return [(entry.key, entry.value) for entry, _ in _pairs(table, 0)] if table.type == "inline" else []


def read_written_out(table: Table, syntax: Syntax | None, results: Results | None) -> Iterator[Found]:
    """The problems in *table*, which is written out; they have positions in the text that it was parsed from.

    *syntax*: of its rules; None: it has pairs, or one result. *results*: what its values are for.
    """
    start = table.end - len(table.name)
    if syntax is not None:
        yield from _in_rules(table, start, syntax, results)
        return
    for entry, at in _pairs(table, start):
        if entry.value:
            yield from _in_value(entry, at, results)
        else:
            yield _found(Problem(EMPTY_RESULT, "", 0, entry.value_start, entry.key), at, entry.key)


def _in_rules(table: Table, start: int, syntax: Syntax, results: Results | None) -> Iterator[Found]:
    places: dict[Line, int] = {}
    group = open_group(table.name)
    for number, item in enumerate(split_list(group.payload, braces=True), 1):
        rule = open_group(item.text)
        line = Line(rule.payload, (number,), (0,))
        at = places[line] = start + group.start + item.start + rule.start
        entry = syntax.entry(line)
        for problem in entry.problems:
            yield _found(problem, at, entry.key, len(line.text))
        if entry.value:
            yield from _in_value(entry, at, results)
    for line, problem in syntax.end():
        yield _found(problem, places[line], "", len(line.text))


def _pairs(table: Table, start: int) -> Iterator[tuple[Entry, int]]:
    """The entries, each with where it stands."""
    name = table.name
    group = open_group(name) if name.startswith("{") else None
    if table.type == "static":
        value, at = (group.payload, start + group.start) if group is not None else (name, start)
        yield Entry(_ANY_KEY, value, 0), at
        return
    assert group is not None
    for item in split_list(group.payload, braces=True):
        pair, at = item.text, start + group.start + item.start
        if pair.startswith("{"):
            inner = open_group(pair)
            pair, at = inner.payload, at + inner.start
        end = key_length(pair)
        value = pair[end:].lstrip(SPACE).removeprefix("=").strip(SPACE)
        yield Entry(pair[:end], value, len(pair.rstrip(SPACE)) - len(value)), at


def _in_value(entry: Entry, at: int, results: Results | None) -> Iterator[Found]:
    problem = results.problem(entry.key, entry.value) if results is not None else None
    if problem is not None:
        length = entry.value_start + len(entry.value)
        yield _found(problem.moved(entry.value_start), at, entry.key, length, results)


def _found(problem: Problem, at: int, key: str, length: int = 0, results: Results | None = None) -> Found:
    end = length if problem.end is None else problem.end
    return Found(problem, Position(1, at + problem.start + 1), Position(1, at + end + 1), key, results)
