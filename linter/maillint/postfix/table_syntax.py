"""How a logical line of a lookup table is read: by postmap(1), by postalias(1), and in a cidr table.

For regexp and pcre tables see ``pattern_syntax.py``. What the values mean is the business of
``table_results.py``. Nothing is judged here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from .matchlist import network_problem
from .tablefile import SPACE, Entry, Line, Problem

NO_VALUE = "no-value"
"""A key alone."""
UNBALANCED_QUOTE = "unbalanced-quote"
COLON_KEY = "colon-key"
"""``KEY: VALUE`` where no colon belongs."""
NO_PAIR = "no-pair"
"""An entry for postalias without key, colon or value, or with several keys."""
NOT_LOCAL = "not-local"
"""A key for postalias that has a domain."""
BAD_NETWORK = "bad-network"
"""A rule of a cidr table without a network that can be read, or without result."""
NETWORK_KEY = "network-key"
"""A network with its mask, where a key is only compared."""
PATTERN_KEY = "pattern-key"
"""A regular expression, where a key is only compared."""
DOTTED_KEY = "dotted-key"
"""``.example.com``, where parents of domains are looked up without the dot."""
UNMATCHED_IF = "unmatched-if"
UNMATCHED_ENDIF = "unmatched-endif"

_VALUE = rb'[!"$-\x7f][\x01-\t\x0b-"$-\x7f]*\n'
"""A value without ``#`` and NUL, in ASCII. (Ranges of what may stand are matched faster than exclusions.)"""
_NEITHER = rb"|[ \t]*#(?![^\n]*maillint:)[^\n]*\n|[ \t\r\f\v]*\n)"
"""Comments and blank lines."""


def ordinary(key: bytes, values: Sequence[bytes]) -> re.Pattern[bytes]:
    """The pattern for lines with a *key*, a group, and a value that matches each of the *values*."""
    wanted = b"".join(rb"(?=" + value + rb"[ \t\r]*\n)" for value in values if value)
    return re.compile(rb"^(?:" + key + wanted + _VALUE + _NEITHER, re.MULTILINE)


class Postmap:
    """``KEY VALUE`` (postmap/postmap.c, util/dict_thash.c)."""

    keys_are_unique = True

    def __init__(self, values: Sequence[bytes], *, without_dot: bool = False) -> None:
        """*without_dot*: parents of domains are looked up without a dot in front."""
        self._values = values
        self._without_dot = without_dot

    @cached_property
    def ordinary(self) -> re.Pattern[bytes]:
        first = rb"(?!\.)" if self._without_dot else b""
        return ordinary(rb"(" + first + rb"[!$-.0-9:-\[\]-\x7f]+(?<!:))[ \t]+", self._values)

    def entry(self, line: Line) -> Entry:
        text = line.text
        end = _key_end(text)
        if end is None:
            quote = text.index('"')
            said = f"unbalanced '\"' in '{text}'"
            return Entry(problems=(Problem(UNBALANCED_QUOTE, said, quote, quote + 1),))
        key = text[:end]
        value = text[end + 1 :].lstrip(SPACE)
        start = len(text) - len(value)
        value = value.rstrip(SPACE)
        if not key or not value:
            said = "expected format: key whitespace value"
            return Entry(problems=(Problem(NO_VALUE, said, 0, end, key),))
        problems = []
        if key.endswith(":"):
            said = 'record is in "key: value" format; is this an alias file?'
            problems.append(Problem(COLON_KEY, said, 0, end, key[:-1]))
        elif "/" in key and re.fullmatch(_NETWORK_KEY, key):
            problems.append(Problem(NETWORK_KEY, "", 0, end, key))
        elif "/" in key and re.fullmatch(_PATTERN_KEY, key):
            problems.append(Problem(PATTERN_KEY, "", 0, end, key))
        elif self._without_dot and key.startswith("."):
            problems.append(Problem(DOTTED_KEY, "", 0, end, key[1:]))
        return Entry(key, value, start, tuple(problems))

    def end(self) -> Iterator[tuple[Line, Problem]]:
        return iter(())


_NETWORK_KEY = r"[0-9]{1,3}(?:\.[0-9]{1,3}){0,3}/[0-9]{1,2}|[0-9a-fA-F:]*:[0-9a-fA-F:.]*/[0-9]{1,3}"
_PATTERN_KEY = r"!?/.+/[a-zA-Z]*"


def _key_end(text: str) -> int | None:
    """Where the key ends: at the first white space that is neither quoted nor behind a backslash.

    None: a quote is open at the end of *text*.
    """
    quoted = False
    at = 0
    while at < len(text):
        character = text[at]
        if character == "\\":
            at += 1
        elif character == '"':
            quoted = not quoted
        elif character in SPACE and not quoted:
            return at
        at += 1
    return None if quoted else len(text)


_OPERATORS = frozenset('|%!()<>@,;:\\".[]')
"""The characters that end a word of an address (global/tok822_parse.c)."""
_ADDRESS_SPACE = " \t\r\n"


class Postalias:
    """``KEY: VALUE`` (postalias/postalias.c)."""

    keys_are_unique = True

    def __init__(self, values: Sequence[bytes]) -> None:
        self._values = values

    @cached_property
    def ordinary(self) -> re.Pattern[bytes]:
        return ordinary(rb"([a-z0-9_.+=-]+)[ \t]*:[ \t]*", self._values)

    def entry(self, line: Line) -> Entry:
        text = line.text
        key, operators, colon = _alias_key(text)
        value = text[colon + 1 :].lstrip(_ADDRESS_SPACE) if colon >= 0 else ""
        if not value or (not key and not operators) or "," in operators:
            if not text.strip(_ADDRESS_SPACE):
                return Entry()
            return Entry(
                problems=(Problem(NO_PAIR, "need name:value pair", 0, len(text.rstrip(_ADDRESS_SPACE))),)
            )
        if "@" in operators or "%" in operators:
            name = text[:colon].rstrip(_ADDRESS_SPACE)
            return Entry(problems=(Problem(NOT_LOCAL, "name must be local", 0, len(name), name),))
        return Entry(key, value.rstrip(_ADDRESS_SPACE), len(text) - len(value))

    def end(self) -> Iterator[tuple[Line, Problem]]:
        return iter(())


def _alias_key(text: str) -> tuple[str, set[str], int]:
    """The text before the first colon that is not quoted, the operators in it, the colon's offset or -1."""
    key: list[str] = []
    operators: set[str] = set()
    at = 0
    while at < len(text):
        character = text[at]
        at += 1
        if character == ":":
            return "".join(key), operators, at - 1
        if character in '"[':
            start = at
            operators.add(character)
            at = _closed(text, at, '"' if character == '"' else "]")
            key.append(re.sub(r"\\(.)", r"\1", text[start : at - 1]))
        elif character == "(":
            at = _comment_end(text, at)
            operators.add("(")
        elif character == "\\":
            key.append(text[at : at + 1])
            at += 1
        elif character in _OPERATORS:
            operators.add(character)
            key.append(character)
        elif character not in _ADDRESS_SPACE:
            key.append(character)
    return "".join(key), operators, -1


def _closed(text: str, at: int, closing: str) -> int:
    """The offset behind the *closing* character, or the end of *text*."""
    while at < len(text) and text[at] != closing:
        at += 2 if text[at] == "\\" else 1
    return min(at + 1, len(text) + 1)


def _comment_end(text: str, at: int) -> int:
    depth = 1
    while at < len(text) and depth:
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        at += 2 if text[at] == "\\" else 1
    return at


_BYTE = rb"(?:[0-9]|[1-9][0-9]|1[0-9][0-9]|2[0-4][0-9]|25[0-5])"
_THREE = rb"\.".join((_BYTE,) * 3)
_NETWORK = (
    rb"(?:" + _THREE + rb"\." + _BYTE + rb"(?:/32)?|" + _THREE + rb"\.0/24|"
    + _BYTE + rb"\." + _BYTE + rb"\.0\.0/16|" + _BYTE + rb"\.0\.0\.0/8)()[ \t]+"
)  # fmt: skip


class Conditions:
    """The IF and ENDIF of a table, which may stand in each other."""

    def __init__(self) -> None:
        self._open: list[Line] = []

    @property
    def are_open(self) -> bool:
        return bool(self._open)

    def begin(self, line: Line) -> None:
        self._open.append(line)

    def close(self) -> None:
        self._open.pop()

    def unmatched(self) -> Iterator[tuple[Line, Problem]]:
        for line in self._open:
            yield line, Problem(UNMATCHED_IF, "IF has no matching ENDIF", 0, 2)


def keyword(text: str) -> str:
    """``if`` or ``endif`` when *text* begins with one, in any case; else empty."""
    for word in ("if", "endif"):
        behind = text[len(word) : len(word) + 1]
        if text[: len(word)].lower() == word and not (behind.isascii() and behind.isalnum()):
            return word
    return ""


class Cidr:
    """``NETWORK RESULT`` (util/dict_cidr.c, util/cidr_match.c)."""

    keys_are_unique = False

    def __init__(self, values: Sequence[bytes]) -> None:
        self._values = values
        self._conditions = Conditions()

    @cached_property
    def ordinary(self) -> re.Pattern[bytes]:
        return ordinary(_NETWORK, self._values)

    def entry(self, line: Line) -> Entry:
        word = keyword(line.text)
        if word == "endif":
            return Entry(problems=self._endif(line))
        start = _behind_not(line.text, 2 if word else 0)
        if word:
            problems = _network_problems(line.text[start:].rstrip(SPACE), start)
            if not problems:
                self._conditions.begin(line)
            return Entry(problems=problems)
        network = re.split(r"[ \t\n\v\f\r]", line.text[start:], maxsplit=1)[0]
        value = line.text[start + len(network) :].lstrip(SPACE)
        problems = _network_problems(network, start)
        if problems:
            return Entry(problems=problems)
        if not value.strip(SPACE):
            return Entry(problems=(Problem(NO_VALUE, "no lookup result", start, start + len(network)),))
        return Entry(network, value.rstrip(SPACE), len(line.text) - len(value))

    def _endif(self, line: Line) -> tuple[Problem, ...]:
        if line.text[5:].strip(SPACE):
            return (Problem(UNMATCHED_ENDIF, "garbage after ENDIF", 5),)
        if not self._conditions.are_open:
            return (Problem(UNMATCHED_ENDIF, "ENDIF without IF", 0, 5),)
        self._conditions.close()
        return ()

    def end(self) -> Iterator[tuple[Line, Problem]]:
        return self._conditions.unmatched()


def _behind_not(text: str, start: int) -> int:
    """The offset of what stands behind any ``!`` and white space."""
    return len(text) - len(text[start:].lstrip(SPACE + "!"))


def _network_problems(network: str, start: int) -> tuple[Problem, ...]:
    end = start + len(network)
    if not network:
        return (Problem(BAD_NETWORK, "no address pattern", 0),)
    found = network_problem(network)
    if found is None:
        return ()
    instead = found.instead.replace("[", "").replace("]", "")
    return (Problem(BAD_NETWORK, found.said, start, end, instead),)
