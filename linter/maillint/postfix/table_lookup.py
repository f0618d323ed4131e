"""What a lookup table holds for a key, where its source can be read.

That is so for tables that are written out in a configuration, and for text files beside main.cf: the source
of an index (postmap(1) is taken to have been run), and texthash, cidr, regexp and pcre files. Of all others,
and of patterns that cannot be compared here without danger, nothing is known. Nothing is judged here.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from maillint.addresses import packed
from maillint.record import NamedTuple
from maillint.syntax.lists import open_group, split_list

from .regex_syntax import Flavour, inspect
from .table_syntax import Cidr, Postmap, keyword
from .tablefile import LARGE, SPACE, Line, lines, path_beside
from .tables import Table, parse_table
from .vocabulary import table_types

if TYPE_CHECKING:
    from .configuration import Configuration, View
    from .vocabulary import TableType

FOUND = "found"
MISSING = "missing"
UNKNOWN = "unknown"
FAILED = "failed"
"""Each look-up ends with an error."""

_INDEX = "index"
_INDEX_OR_TEXT = (_INDEX, "text")
_PATTERNS = ("regexp", "pcre")
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


class _Failing(Contents):
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


class _Keyed(Contents):
    is_known = True

    def __init__(self, entries: Iterable[Found]) -> None:
        self._entries: dict[str, Found] = {}
        for entry in entries:
            self._entries.setdefault(entry.key.lower(), entry)

    def without_capitals(self) -> _Keyed:
        """The table as proxymap(8) has it, which asks for small letters, and keeps the keys as written."""
        return _Keyed(entry for key, entry in self._entries.items() if entry.key == key)

    def find(self, key: str) -> Found:
        return self._entries.get(key.lower(), _MISSING)

    def entries(self) -> Iterator[Found]:
        yield from self._entries.values()


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
        return _Failing()
    if "…" in table.name or table.problems or depth == 0:
        return Contents()
    members = [_open(member, config, depth - 1) for member in table.members]
    if table.type in ("proxy", "debug"):
        member = members[0]
        written = table.type == "proxy" and table.members[0].type in ("inline", "texthash")
        return member.without_capitals() if written and isinstance(member, _Keyed) else member
    if table.type == "unionmap":
        return _Union(members)
    if table.type == "pipemap":
        return _Pipe(members)
    if table.type == "static":
        return _Static(open_group(table.name).payload if table.name.startswith("{") else table.name)
    known = table_types().get(table.type)
    if table.type == "inline":
        return _Keyed(reversed(list(_inline(table.name))))  # of a key that comes twice, the last counts
    if known is None or known.name not in _INDEX_OR_TEXT:
        return Contents()
    return _of_lines(table, known, config)


def _inline(name: str) -> Iterator[Found]:
    for item in split_list(open_group(name).payload, braces=True):
        pair = open_group(item.text).payload if item.text.startswith("{") else item.text
        key, _, value = pair.partition("=")
        yield Found(FOUND, value.strip(SPACE), key=key.strip(SPACE))


def _of_lines(table: Table, known: TableType, config: Configuration) -> Contents:
    path = ""
    if table.name.startswith("{"):
        rules = split_list(open_group(table.name).payload, braces=True)
        found = [Line(open_group(rule.text).payload, (0,), (0,)) for rule in rules]
    else:
        path = path_beside(config, table.name) or ""
        if not os.path.isfile(path):
            return Contents()
        try:
            if known.name == _INDEX and os.path.getsize(path) > LARGE:
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
        return _Failing()  # a key that comes twice (util/dict_thash.c)
    return _Keyed(pairs)


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
