"""Aliases that lead back to themselves: in a table by itself, or through virtual and local aliases.

In virtual_alias_maps that is an address in the result of another address (cleanup/cleanup_map1n.c), in
alias_maps a name in the result of another name (local/alias.c). An address that stands in its own result is
no loop: there the expansion ends. What local(8) sends to an address that is not local goes through
virtual_alias_maps again (local/resolve.c, forward.c). Nothing is judged here.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from .beside import path_beside

if TYPE_CHECKING:
    from .address_class import Domains
    from .configuration import View

LARGEST = 1 << 22
"""The size of a file, in bytes, that is looked into."""

_ADDRESS = r"[^\s@,#\"\\:|/!]+@[^\s@,#\"\\]+"
_NAME = r"[a-z0-9_.+-]+"
_VALUE = r"([^\n#\"]+)$"
_VIRTUAL = rf"(?m)^({_ADDRESS})[ \t]+{_VALUE}"
_LOCAL = rf"(?m)^({_NAME})[ \t]*:[ \t]*{_VALUE}"


def loops_in_text(text: str, *, local: bool) -> dict[str, tuple[str, ...]]:
    """The loops in the source of a table; *local*: of postalias(1), not of postmap(1).

    By the first key of each, in small letters: the keys in the order in which they lead back.
    """
    return loops(re.findall(_LOCAL if local else _VIRTUAL, text.lower()), local=local)


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


def local_aliases(view: View) -> dict[str, str] | None:
    """The results in alias_maps, by name in small letters; None: there may be others."""
    found: dict[str, str] = {}
    for item in view.items("alias_maps"):
        pairs = list(_pairs(item.text, view)) if item.known else [None]
        for pair in pairs:
            if pair is None:
                return None
            found.setdefault(pair[0].lower(), pair[1])
    return found


def _pairs(text: str, view: View) -> Iterator[tuple[str, str] | None]:
    """The keys and results of one table, and None if there may be others."""
    from .domains import holds_what_it_lists
    from .table_lookup import open_table
    from .tables import parse_table
    from .vocabulary import table_types

    table = parse_table(text, view.configuration.version)
    known = table_types().get(table.type)
    if known is None or known.name != "index":
        contents = open_table(text, view)
        yield from ((entry.key, entry.value) for entry in contents.entries())
        if not holds_what_it_lists(contents):
            yield None
        return
    path = path_beside(view.configuration, table.name)
    if path is None or not os.path.isfile(path):
        yield None
        return
    from .table_syntax import Postalias
    from .tablefile import lines

    try:
        for entry in map(Postalias(()).entry, lines(path)):
            yield entry.key, entry.value
    except OSError:
        yield None


def crossing_loops(view: View) -> Iterator[tuple[str, ...]]:
    """The loops that go through virtual and local aliases.

    An address stands for its look-up in virtual_alias_maps, a name without domain for that in alias_maps.
    Tables that are not known count as empty.
    """
    aliases = local_aliases(view)
    if not aliases:
        return
    from .address_class import Domains

    ways = _Ways(view, aliases, Domains(view))
    for loop in _loops(ways.all()):
        if len({"@" in step for step in loop}) == 2:
            yield loop


class _Ways:
    """Where mail for addresses and for local names goes next."""

    def __init__(self, view: View, aliases: Mapping[str, str], domains: Domains) -> None:
        self._view = view
        self._aliases = aliases
        self._domains = domains
        self._origin = (view.value("myorigin").text or "").lower()

    def all(self) -> dict[str, list[str]]:
        """By address, and by name."""
        ways: dict[str, list[str]] = {}
        todo = list(self._aliases)
        while todo:
            step = todo.pop()
            if step not in ways:
                ways[step] = self._of_address(step) if "@" in step else self._of_name(step)
                todo += ways[step]
        return ways

    def _of_address(self, address: str) -> list[str]:
        from .address_class import address_entry
        from .table_lookup import FOUND

        entry = address_entry(self._view, "virtual_alias_maps", address, self._domains)
        targets = self._targets(entry.value) if entry.state == FOUND else [address]
        if address not in targets:
            return targets
        return self._delivered(address)

    def _of_name(self, name: str) -> list[str]:
        own = self._aliases.get(name)
        targets = self._targets(own) if own is not None else []
        return [step for target in targets for step in self._delivered(target) if step != name]

    def _delivered(self, address: str) -> list[str]:
        from .address_class import LOCAL, without_extension

        user, _, domain = address.rpartition("@")
        if self._domains.of(domain).kind != LOCAL:
            return [address]
        return [without_extension(self._view, user)]

    def _targets(self, value: str) -> list[str]:
        words = re.split(r"[,\s]+", value.lower().strip())
        return [
            word if "@" in word else f"{word}@{self._origin}"
            for word in words
            if re.fullmatch(_ADDRESS, word) or re.fullmatch(_NAME, word)
        ]
