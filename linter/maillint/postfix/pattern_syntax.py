"""How a rule of a regexp or pcre table is read (util/dict_regexp.c, util/dict_pcre.c).

Patterns are looked at by ``regex_syntax.py``; none is ever run. Nothing is judged here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

from maillint.record import NamedTuple

from .regex_syntax import Flavour, inspect
from .table_syntax import NO_VALUE, UNMATCHED_ENDIF, Conditions, keyword, ordinary
from .tablefile import SPACE, Entry, Line, Problem

NO_DELIMITER = "no-delimiter"
"""A pattern that does not end, or none at all."""
BAD_FLAG = "bad-flag"
BAD_REGEX = "bad-regex"
BAD_REPLACEMENT = "bad-replacement"
"""A ``$`` in the result that begins no number."""
BAD_INDEX = "bad-index"
"""A number in the result that no group of the pattern has."""
INDEX_IN_NEGATIVE = "index-in-negative"
"""A number in the result of a pattern that must not match."""
INDEX_REFUSED = "index-refused"
"""A number in the result where the program that looks up wants none."""
NOT_A_RULE = "not-a-rule"
EXTRA_TEXT = "extra-text"
"""Something behind the pattern of an IF."""
SWALLOWED_RULE = "swallowed-rule"
"""An indented line that would be a rule of its own, and is a part of the one above."""

_FLAGS = {"regexp": "imx", "pcre": "imsxAEUX"}
_PLAIN_PATTERN = rb"/(?:[a-z0-9@_ :<>=,;~&%\"'!-]|\\[./@_:-]|\.[*+]?)*\$?/()[ \t]+"
"""A pattern without groups, of characters that mean themselves, and dots."""
_WITHOUT_DOLLAR = rb"[^\n$]*"
_INDENTED_RULE = r"(?i)[ \t]+(?:!?[ \t]*/.*/[a-zA-Z]*(?:[ \t]+\S|$)|(?:if|endif)(?![a-zA-Z0-9]))"


class _Pattern(NamedTuple):
    """A pattern, with its place in the line."""

    start: int
    end: int
    flags: str
    negated: bool


class _Refused(Exception):  # noqa: N818 - no error of this program
    """The rule is skipped because of this."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem


class Patterns:
    """``/PATTERN/FLAGS RESULT``, and IF and ENDIF around such rules."""

    keys_are_unique = False

    def __init__(
        self,
        type: str,
        values: Sequence[bytes],
        refuses_numbers: bool,
        uses: Sequence[Callable[[str, str], Problem | None]] = (),
    ) -> None:
        """*type*: ``regexp`` or ``pcre``. *refuses_numbers*: the program allows no ``$number`` in results.

        *uses*: what is wrong with a pattern and its result, once for each use of the table; they are asked
        about rules outside of IF whose pattern must match.
        """
        self._values = values
        self._type = type
        self._flavour = Flavour(type)
        self._refuses_numbers = refuses_numbers
        self._uses = uses
        self._conditions = Conditions()

    @cached_property
    def ordinary(self) -> re.Pattern[bytes]:
        return ordinary(_PLAIN_PATTERN, (*self._values, _WITHOUT_DOLLAR))

    def end(self) -> Iterator[tuple[Line, Problem]]:
        return self._conditions.unmatched()

    def entry(self, line: Line) -> Entry:
        swallowed = tuple(_swallowed(line))
        text = line.text.rstrip(SPACE)
        if not text:
            return Entry()
        try:
            entry = self._rule(text, line)
        except _Refused as refused:
            entry = Entry(problems=(refused.problem,))
        if swallowed:
            # What the rule says is not what was meant.
            problems = tuple(problem for problem in entry.problems if problem.kind != EXTRA_TEXT)
            return Entry(problems=problems + swallowed)
        return entry

    def _rule(self, text: str, line: Line) -> Entry:
        if not text[0].isascii() or not text[0].isalnum():
            return self._match(text)
        word = keyword(text)
        if word == "if":
            return self._if(text, line)
        if word == "endif":
            return self._endif(text)
        return Entry(problems=(Problem(NOT_A_RULE, "ignoring unrecognized request", 0, len(text)),))

    def _match(self, text: str) -> Entry:
        pattern, at = self._pattern(text, 0)
        second = None
        if self._type == "regexp" and text[at : at + 1] == "!":
            second, at = self._pattern(text, at)
        value = text[at:].lstrip(SPACE)
        start = len(text) - len(value)
        highest, place = _highest_number(value, start)
        if highest and pattern.negated:
            said = "$number found in negative match replacement text: skipping this rule"
            raise _Refused(Problem(INDEX_IN_NEGATIVE, said, *place))
        if highest and self._refuses_numbers:
            said = "regular expression substitution is not allowed: skipping this rule"
            raise _Refused(Problem(INDEX_REFUSED, said, *place))
        groups = self._groups(text, pattern)
        if groups is not None and highest > groups:
            said = f'out of range replacement index "{highest}": skipping this rule'
            raise _Refused(Problem(BAD_INDEX, said, *place, argument=str(groups)))
        if second is not None:
            self._groups(text, second)
        if not value:
            said = "no replacement text: using empty string"
            return Entry(problems=(Problem(NO_VALUE, said, 0, len(text)),))
        key = text[pattern.start : pattern.end]
        problems = (
            () if pattern.negated or second or self._conditions.are_open else self._reaching(key, value)
        )
        placed = tuple(found.moved(pattern.start) for found in problems)
        return Entry(key, "" if "$" in value else value, start, placed)

    def _reaching(self, key: str, value: str) -> tuple[Problem, ...]:
        found = (problem(key, value) for problem in self._uses)
        return tuple(dict.fromkeys(problem for problem in found if problem is not None))

    def _if(self, text: str, line: Line) -> Entry:
        pattern, at = self._pattern(text, len(text) - len(text[2:].lstrip(SPACE)))
        self._groups(text, pattern)
        self._conditions.begin(line)
        extra = text[at:].lstrip(SPACE)
        if not extra:
            return Entry()
        said = f'ignoring extra text after IF statement: "{extra}"'
        return Entry(problems=(Problem(EXTRA_TEXT, said, len(text) - len(extra), len(text)),))

    def _endif(self, text: str) -> Entry:
        if not self._conditions.are_open:
            return Entry(problems=(Problem(UNMATCHED_ENDIF, "ignoring ENDIF without matching IF", 0, 5),))
        self._conditions.close()
        extra = text[5:].lstrip(SPACE)
        if not extra:
            return Entry()
        said = "ignoring extra text after ENDIF"
        return Entry(problems=(Problem(EXTRA_TEXT, said, len(text) - len(extra), len(text)),))

    def _pattern(self, text: str, at: int) -> tuple[_Pattern, int]:
        """The pattern at *at*, and the offset behind its flags."""
        begin = at
        negated = False
        while at < len(text) and (text[at] == "!" or text[at] in SPACE):
            negated ^= text[at] == "!"
            at += 1
        if at == len(text):
            raise _Refused(Problem(NO_DELIMITER, "no regexp: skipping this rule", begin, at))
        delimiter = text[at]
        start = end = at + 1
        while end < len(text) and text[end] != delimiter:
            end += 2 if text[end] == "\\" else 1
        if end >= len(text):
            said = f'no closing regexp delimiter "{delimiter}": '
            raise _Refused(Problem(NO_DELIMITER, said + "...", at, len(text), delimiter))
        at = end + 1
        while at < len(text) and text[at] not in SPACE and not (self._type == "regexp" and text[at] == "!"):
            if text[at] not in _FLAGS[self._type]:
                said = f'unknown regexp option "{text[at]}": skipping this rule'
                raise _Refused(Problem(BAD_FLAG, said, at, at + 1, text[at]))
            at += 1
        return _Pattern(start, end, text[end + 1 : at], negated), at

    def _groups(self, text: str, pattern: _Pattern) -> int | None:
        """How many groups the pattern has; None: unknown."""
        found = inspect(text[pattern.start : pattern.end], self._flavour, pattern.flags)
        if found.error:
            start = pattern.start + found.start
            raise _Refused(
                Problem(BAD_REGEX, found.said, start, max(pattern.start + found.end, start), found.error)
            )
        return found.groups


def _swallowed(line: Line) -> Iterator[Problem]:
    """The physical lines that look like rules, and are none because they are indented."""
    for at in range(1, len(line.numbers)):
        physical = line.physical(at)
        if re.match(_INDENTED_RULE, physical):
            bare = physical.strip(SPACE)
            start = line.starts[at] + physical.index(bare)
            said = (
                "do not prepend whitespace to statements between IF and ENDIF" if keyword(line.text) else ""
            )
            yield Problem(SWALLOWED_RULE, said, start, start + len(bare))


_REFERENCE = r"\$(?:\$|\{(?P<braces>[^{}]*)\}|\((?P<parentheses>[^()]*)\)|(?P<bare>[A-Za-z0-9_]+))?"


def _highest_number(value: str, start: int) -> tuple[int, tuple[int, int]]:
    """The highest ``$number`` in a result, 0 for none, and its place (util/mac_parse.c)."""
    highest, place = 0, (0, 0)
    for reference in re.finditer(_REFERENCE, value) if "$" in value else ():
        if reference[0] == "$$":
            continue
        here = (start + reference.start(), start + reference.end())
        name = reference["braces"] or reference["parentheses"] or reference["bare"] or ""
        if not name:
            after = value[reference.end() : reference.end() + 1]
            what = "truncated macro reference" if after and after in "({" else "empty macro name"
            raise _Refused(Problem(BAD_REPLACEMENT, f'{what}: "{value}"', *here))
        if not (name.isascii() and name.isdigit()):
            said = f'non-numeric replacement index "{name}"'
            raise _Refused(Problem(BAD_REPLACEMENT, said, *here, argument=name))
        number = int(name[-10:])
        if number < 1:
            raise _Refused(Problem(BAD_REPLACEMENT, f'... replacement index "{name}"', *here, argument=name))
        if number > highest:
            highest, place = number, here
    return highest, place
