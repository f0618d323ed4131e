"""Tables whose lines are read: pairs, networks and patterns, in files and written out.

Whether patterns match is asked of Python's matcher, where they are sure to mean the same to it and to come
to an end. Nothing is judged here.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from maillint.addresses import packed
from maillint.record import NamedTuple
from maillint.syntax.lists import open_group, split_list

from .regex_syntax import Flavour, inspect
from .table_lookup import FOUND, MISSING, UNKNOWN, Contents, Failing, Found, Keyed
from .table_syntax import Cidr, Postmap, keyword
from .tablefile import LARGE, SPACE, Line, lines
from .vocabulary import table_types

if TYPE_CHECKING:
    from .configuration import Configuration
    from .tables import Table

_INDEX = "index"
_PATTERNS = ("regexp", "pcre")

_MISSING = Found(MISSING)
_UNKNOWN = Found(UNKNOWN)


class _Rule(NamedTuple):
    """A rule of a table whose rules are tried in turn, or an IF or ENDIF."""

    word: str
    """``if``, ``endif`` or empty."""
    test: _Network | _Pattern | None
    answer: Found


class _Network(NamedTuple):
    base: int
    shift: int
    size: int
    negated: bool

    def matches(self, key: str) -> bool | None:
        address = packed(key)
        if address is None:
            return None if self.size else False
        same = len(address) == self.size and int.from_bytes(address, "big") >> self.shift == self.base
        return same is not self.negated


class _Pattern(NamedTuple):
    compiled: re.Pattern[str] | None
    """None: not understood, or dangerous to compare."""
    negated: bool

    def matches(self, key: str) -> bool | None:
        if self.compiled is None or len(key) > 100:
            return None
        return (self.compiled.search(key) is not None) is not self.negated


class _Rules(Contents):
    is_fixed = False
    is_known = True

    def __init__(self, rules: Iterable[_Rule], addresses: bool) -> None:
        """*addresses*: only addresses are looked up (cidr)."""
        self._rules = list(rules)
        self._addresses = addresses

    def find(self, key: str) -> Found:
        if self._addresses and packed(key) is None:
            return _MISSING
        skipping = depth = 0
        for rule in self._rules:
            if rule.word == "endif":
                depth -= 1
                skipping = skipping if skipping <= depth else 0
                continue
            if skipping:
                depth += rule.word == "if"
                continue
            matched = rule.test.matches(key) if rule.test is not None else False
            if matched is None:
                return _UNKNOWN
            if rule.word == "if":
                depth += 1
                skipping = 0 if matched else depth
            elif matched:
                return rule.answer
        return _MISSING

    def entries(self) -> Iterator[Found]:
        yield from (rule.answer for rule in self._rules if not rule.word)


def read_table(table: Table, path: str, config: Configuration) -> Contents:
    """The index or text *table* whose file lies at *path*; without path, its rules are written out."""
    if table.name.startswith("{"):
        rules = split_list(open_group(table.name).payload, braces=True)
        found = [Line(open_group(rule.text).payload, (0,), (0,)) for rule in rules]
    else:
        try:
            if table_types()[table.type].name == _INDEX and os.path.getsize(path) > LARGE:
                from .large_table import open_large

                return open_large(path, config)
            found = list(lines(path))
        except OSError:
            return Contents()
    if table.type == "cidr":
        return _Rules(_networks(found, path), addresses=True)
    if table.type in _PATTERNS:
        return _Rules(_patterns(found, path, table.type), addresses=False)
    pairs = list(_pairs(found, path))
    if table.type == "texthash" and len({pair.key.lower() for pair in pairs}) < len(pairs):
        return Failing()  # a key that comes twice (util/dict_thash.c)
    return Keyed(pairs)


def _pairs(found: Iterable[Line], path: str) -> Iterator[Found]:
    syntax = Postmap(())
    for line in found:
        if line.text[:1] in tuple(SPACE):
            continue
        entry = syntax.entry(line)
        if entry.value:
            yield Found(FOUND, entry.value, path, line.numbers[0], entry.key)


def _networks(found: Iterable[Line], path: str) -> Iterator[_Rule]:
    syntax = Cidr(())
    for line in found:
        if line.text[:1] in tuple(SPACE):
            continue
        entry = syntax.entry(line)
        if entry.problems:
            continue
        word = keyword(line.text)
        bare = line.text[len(word) :].lstrip(SPACE)
        network = bare.lstrip("!" + SPACE)
        negated = bare[: len(bare) - len(network)].count("!") % 2 == 1
        text = network.split(None, 1)[0] if network.split() else ""
        answer = Found(FOUND, entry.value, path, line.numbers[0], text)
        yield _Rule(word, _network(text, negated), answer)


def _network(text: str, negated: bool) -> _Network | None:
    address, slash, bits = text.replace("[", "").replace("]", "").partition("/")
    base = packed(address)
    if base is None:
        return None
    shift = len(base) * 8 - int(bits) if slash else 0
    return _Network(int.from_bytes(base, "big") >> shift, shift, len(base), negated)


_FLAGS = {"regexp": re.compile(r"[imx]*"), "pcre": re.compile(r"[imsxAEUX]*")}
_UNSAFE = re.compile(r"\)[*+{]|[*+}][*+?]|\\[1-9]")
"""What may take time without end in a matcher that goes back, or refers back."""
_MOST_REPEATS = 6
_POSIX = {
    "alpha": "a-zA-Z", "digit": "0-9", "alnum": "a-zA-Z0-9", "upper": "A-Z", "lower": "a-z",
    "space": r"\s", "blank": r" \t", "xdigit": "0-9A-Fa-f", "punct": r"!-/:-@\[-`{-~",
    "print": " -~", "graph": "!-~", "cntrl": r"\x00-\x1f\x7f",
}  # fmt: skip


def _patterns(found: Iterable[Line], path: str, type: str) -> Iterator[_Rule]:
    for line in found:
        text = line.text.strip(SPACE)
        word = keyword(text)
        if word == "endif":
            yield _Rule(word, None, _MISSING)
            continue
        rest = text[len(word) :].lstrip(SPACE)
        bare = rest.lstrip("!" + SPACE)
        negated = rest[: len(rest) - len(bare)].count("!") % 2 == 1
        end = _closing(bare)
        if end is None or bare[0].isalnum():
            continue
        flags = _FLAGS[type].match(bare, end + 1)
        assert flags is not None
        value = bare[flags.end() :].strip(SPACE)
        if value.startswith("!"):  # two patterns: a rare form
            yield _Rule("", _Pattern(None, False), Found(FOUND, "", path, line.numbers[0], bare))
            continue
        answer = Found(FOUND, value, path, line.numbers[0], bare[: end + 1])
        yield _Rule(word, _Pattern(_compiled(bare[1:end], type, flags[0]), negated), answer)


def _closing(text: str) -> int | None:
    """Where the delimiter that begins *text* comes again."""
    at = 1
    while at < len(text) and text[at] != text[0]:
        at += 2 if text[at] == "\\" else 1
    return at if text and at < len(text) else None


def _compiled(pattern: str, type: str, flags: str) -> re.Pattern[str] | None:
    """The pattern for Python's matcher; None: it is not sure to mean the same, or to come to an end."""
    found = inspect(pattern, Flavour(type), flags)
    if found.groups is None or found.error or _UNSAFE.search(pattern) or set(flags) & set("AEUXx"):
        return None
    if len(re.findall(r"(?<!\\)[*+]|\{[0-9]+,\}", pattern)) > _MOST_REPEATS:
        return None
    if type == "regexp" and re.search(r"\\[A-Za-z0-9<>`']", pattern):
        return None
    try:
        return re.compile(_as_python(pattern, type), 0 if "i" in flags else re.IGNORECASE)
    except (re.error, OverflowError, RecursionError):
        return None


def _as_python(pattern: str, type: str) -> str:
    """*pattern* with its bracket expressions as Python writes them."""
    out: list[str] = []
    at = 0
    while at < len(pattern):
        if pattern[at] == "\\":
            out.append(pattern[at : at + 2])
            at += 2
        elif pattern[at] == "[":
            end, text = _bracket(pattern, at, type)
            out.append(text)
            at = end
        else:
            out.append(pattern[at])
            at += 1
    return "".join(out)


def _bracket(pattern: str, at: int, type: str) -> tuple[int, str]:
    out = "["
    at += 1
    if pattern[at : at + 1] == "^":
        out += "^"
        at += 1
    first = True
    while at < len(pattern) and (first or pattern[at] != "]"):
        first = False
        found = re.compile(r"\[:(\w+):\]").match(pattern, at)
        if found is not None:
            out += _POSIX.get(found[1], "")
            at = found.end()
        elif pattern[at] == "\\" and type == "pcre":
            out += pattern[at : at + 2]
            at += 2
        else:
            out += "\\" + pattern[at] if pattern[at] in "\\[]&~|" else pattern[at]
            at += 1
    return at + 1, out + "]"
