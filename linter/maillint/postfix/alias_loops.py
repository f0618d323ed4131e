"""Aliases that lead back to themselves, in a table by itself.

In virtual_alias_maps that is an address in the result of another address (cleanup/cleanup_map1n.c), in
alias_maps a name in the result of another name (local/alias.c). An address that stands in its own result is
no loop: there the expansion ends. Nothing is judged here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

LARGEST = 1 << 22
"""The size of a file, in bytes, that is looked into."""

_ADDRESS = r"[^\s@,#\"\\:|/!]+@[^\s@,#\"\\]+"
_NAME = r"[a-z0-9_.+-]+"
_VALUE = r"([^\n#\"]+)$"
_VIRTUAL = re.compile(rf"^({_ADDRESS})[ \t]+{_VALUE}", re.MULTILINE)
_LOCAL = re.compile(rf"^({_NAME})[ \t]*:[ \t]*{_VALUE}", re.MULTILINE)


def loops_in_text(text: str, *, local: bool) -> dict[str, tuple[str, ...]]:
    """The loops in the source of a table; *local*: of postalias(1), not of postmap(1).

    By the first key of each, in small letters: the keys in the order in which they lead back.
    """
    return loops((_LOCAL if local else _VIRTUAL).findall(text.lower()), local=local)


def loops(entries: Iterable[tuple[str, str]], *, local: bool) -> dict[str, tuple[str, ...]]:
    """The same for the *entries*, key and value, in small letters."""
    target = re.compile(_NAME if local else _ADDRESS)
    ways: dict[str, list[str]] = {}
    for key, value in entries:
        words = re.split(r"[,\s]+", value.strip())
        ways.setdefault(key, [] if key in words else [word for word in words if target.fullmatch(word)])
    return {loop[0]: loop for loop in _loops(ways)}


def _loops(ways: Mapping[str, list[str]]) -> Iterator[tuple[str, ...]]:
    done: set[str] = set()
    for start in ways:
        path: list[str] = []
        places: dict[str, int] = {}
        todo: list[tuple[str, int]] = [(start, 0)]
        while todo:
            key, depth = todo.pop()
            for left in path[depth:]:
                del places[left]
                done.add(left)
            del path[depth:]
            if key in places:
                loop = path[places[key] :]
                yield tuple(loop)
                done.update(loop)
            elif key in ways and key not in done:
                places[key] = depth
                path.append(key)
                todo += [(word, depth + 1) for word in reversed(ways[key])]
        done.update(path)
