"""Whether a match list has a name or an address (util/match_list.c, util/match_ops.c, global/namadr_list.c).

``matchlist.py`` reads the patterns; here they are compared with something. Files and tables are looked into
where they can be read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.record import NamedTuple

from .beside import open_file, path_beside
from .matchlist import (
    COMMENT,
    FILE,
    NOTHING,
    OPEN,
    TABLE,
    Pattern,
    address_problem,
    network,
    patterns,
    patterns_in,
)
from .table_lookup import FAILED, FOUND, UNKNOWN, open_table

if TYPE_CHECKING:
    from .configuration import Configuration, Value, View

YES = "yes"
NO = "no"
ERROR = "error"
"""A pattern or table cannot be used, and whoever asks gets a temporary error."""
OPEN_ENDED = "open-ended"
"""It depends on something that cannot be read."""

STRING = "string"
"""Compared as it is (string_list)."""
DOMAIN = "domain"
"""Parent domains count, too (domain_list)."""
CLIENT = "client"
"""A host name, then an address (namadr_list)."""


class Match(NamedTuple):
    """The answer, and what gave it."""

    answer: str
    """:data:`YES`, :data:`NO`, :data:`ERROR` or :data:`OPEN_ENDED`."""
    pattern: Pattern | None = None


_NO = Match(NO)
_LARGEST = 1 << 22
"""The size of a file with patterns, in bytes, that is looked into."""


def matches(view: View, parameter: str, kind: str, name: str, address: str = "", *, otherwise: str) -> Match:
    """Whether the list in *parameter* has *name*, or a client with that *name* and *address*.

    *kind*: :data:`STRING`, :data:`DOMAIN` or :data:`CLIENT`. *otherwise*: the answer of what cannot be read.
    """
    value = view.value(parameter)
    if value.problem:
        return Match(ERROR)
    style = parent_style(view, parameter)
    for pattern, _, _ in expanded(view, value):
        if pattern.kind == COMMENT:
            break
        answer = _compare(view, pattern, kind, name.lower(), address, style)
        if answer == OPEN_ENDED:
            answer = otherwise
        if answer == YES:
            return Match(NO if pattern.negated else YES, pattern)
        if answer != NO:
            return Match(answer, pattern)
    return _NO


def expanded(view: View, value: Value) -> Iterator[tuple[Pattern, str, int]]:
    """The patterns in *value* and in the files that it names, with the path and line of those in a file.

    A file that cannot be read stays in its place.
    """
    config = view.configuration
    for pattern in patterns(value, config.version):
        text = _text_of(config, pattern.text) if pattern.kind == FILE else None
        if text is None:
            yield pattern, "", 0
            continue
        path = path_beside(config, pattern.text) or ""
        for number, line in enumerate(text.split("\n"), 1):
            if line.startswith("#"):
                continue
            for found in patterns_in(line, pattern, config.version):
                if found.kind == COMMENT:
                    break  # It and the rest of the line are ignored.
                yield found, path, number


def _text_of(config: Configuration, name: str) -> str | None:
    """What is in a file with patterns beside main.cf; None: that is not known."""
    path = path_beside(config, name)
    if path is None:
        return None
    try:
        with open_file(path) as file:
            data = file.read(_LARGEST + 1)
    except OSError:
        return None
    return data.decode("utf-8", "surrogateescape") if len(data) <= _LARGEST else None


def parent_style(view: View, parameter: str) -> bool:
    """Whether a domain in *parameter* stands for its subdomains, too (global/match_parent_style.c)."""
    listed = view.value("parent_domain_matches_subdomains").items(braces=False)
    return parameter in {item.text.lower() for item in listed}


def _compare(view: View, pattern: Pattern, kind: str, name: str, address: str, style: bool) -> str:
    if pattern.kind == NOTHING:
        return ERROR
    if pattern.kind in (OPEN, FILE):
        return OPEN_ENDED
    if pattern.kind == TABLE:
        return _in_table(view, pattern.text, kind, name, address, style)
    text = pattern.text.lower()
    if kind == STRING:
        return YES if name == text else NO
    if _is_domain(name, text, style):
        return YES
    return _is_address(address, text) if kind == CLIENT else NO


def _is_domain(name: str, pattern: str, style: bool) -> bool:
    if name == pattern:
        return True
    if style:
        return name.endswith(f".{pattern}")
    return pattern.startswith(".") and len(name) > len(pattern) and name.endswith(pattern)


def _is_address(address: str, pattern: str) -> str:
    if address in (pattern, pattern.removeprefix("[").removesuffix("]")):
        return YES
    if (":" in address) != (":" in pattern):
        return NO
    if address_problem(pattern) is not None:
        return ERROR
    return YES if in_network(address, pattern) else NO


def in_network(address: str, pattern: str) -> bool:
    """Whether *pattern*, an address or ``ADDRESS/BITS`` with or without brackets, holds *address*."""
    held, asked = network(pattern), network(f"[{address}]" if ":" in address else address)
    return held is not None and asked is not None and held.has(asked)


def _in_table(view: View, text: str, kind: str, name: str, address: str, style: bool) -> str:
    table = open_table(text, view)
    keys = [name]
    if kind != STRING and table.is_fixed:
        keys += parents(name, style)
    for key in (*keys, *([address] if kind == CLIENT else ())):
        found = table.find(key)
        if found.state == FOUND:
            return YES
        if found.state == FAILED:
            return ERROR
        if found.state == UNKNOWN:
            return OPEN_ENDED
    return NO


def parents(name: str, style: bool) -> list[str]:
    """The parent domains of *name*; with a leading dot, unless a domain stands for its subdomains."""
    found = []
    at = name.find(".", 1)
    while at >= 0:
        name = name[at + 1 :] if style else name[at:]
        found.append(name)
        at = name.find(".", 1)
    return found
