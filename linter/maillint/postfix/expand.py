"""What ``$name`` and its relatives stand for: expansion as Postfix does it (util/mac_expand.c).

A text may be known only in part: a run of :data:`UNKNOWN` in it stands for characters that depend on
something outside of the configuration (the host's name, a template that was not filled in).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from maillint.record import NamedTuple
from maillint.syntax.source import OPAQUE
from maillint.syntax.value import (
    NESTING_LIMIT,
    Call,
    Comparison,
    Conditional,
    Expression,
    Literal,
    Part,
    Problem,
    Reference,
    parse_value,
)

if TYPE_CHECKING:
    from maillint.syntax.tree import Setting

UNKNOWN = OPAQUE
"""Stands in a text for what is not known."""

READ_ONLY = frozenset({"process_id", "process_name", "service_name"})
"""Postfix sets these itself and ignores what a file says (postconf/postconf_user.c)."""

_DEPTH_LIMIT = 150
"""Inside operands of comparisons Postfix counts the levels anew, and exhausts its stack where that never
ends; this is the end of all levels together here."""

_SIZE_LIMIT = 1 << 22
_STEP_LIMIT = 50_000
"""Where a few settings that double each other would grow without end."""

_FUNCTIONS = frozenset({"domain_to_ascii", "domain_to_utf8"})

_LEVEL = re.compile(
    r"[ \t\n\v\f\r]*([+-]?[0-9]+)(?:\.[ \t\n\v\f\r]*([+-]?[0-9]+))?(?:\.[ \t\n\v\f\r]*([+-]?[0-9]+))?"
)
_LONG_MAX = (1 << 63) - 1


class Raw(NamedTuple):
    """What a name stands for before expansion."""

    text: str
    """May contain UNKNOWN."""
    setting: Setting | None = None
    """Where it was set; None: a default."""
    reason: str = ""
    """Why a part of the text is unknown."""
    problem: str = ""
    """Why Postfix would give up here."""


Lookup = Callable[[str], "Raw | None"]
"""Gives what a name stands for; None: nothing defines it."""


class Piece(NamedTuple):
    """Where a run of an expanded text came from."""

    at: int
    """Offset of the run in the expanded text; it reaches to the next piece."""
    start: int
    end: int
    """The offsets in the original text that it stands for."""

    verbatim: bool
    """True: the run is ``original[start:end]`` itself, character by character."""


class Expansion:
    """The outcome of expanding one text."""

    __slots__ = ("pieces", "problem", "reason", "settings", "text", "undefined")

    def __init__(self, text: str) -> None:
        self.text = text
        """The expanded text up to the first problem; may contain UNKNOWN."""
        self.pieces: list[Piece] = []
        self.settings: list[Setting] = []
        """Every setting that was looked at on the way, in order, each once."""
        self.undefined: list[str] = []
        """The names that were used although nothing defines them; they stand for nothing."""
        self.reason = ""
        """Why a part is unknown; empty when all is known."""
        self.problem = ""
        """What Postfix would refuse the text for, in its own words; empty: nothing."""

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The offsets in the original text of what ``text[start:end]`` came from.

        A part that came out of a reference is placed at the whole reference.
        """
        first, last = None, 0
        # From the last piece that begins before *start*: a long list is asked about each of its items.
        for index in range(max(0, bisect_left(self.pieces, (start,)) - 1), len(self.pieces)):
            piece = self.pieces[index]
            if piece.at > end or (piece.at == end and end > start):
                break
            stop = self.pieces[index + 1].at if index + 1 < len(self.pieces) else len(self.text)
            if stop < start or (stop == start and end > start):
                continue
            from_, to = piece.start, piece.end
            if piece.verbatim:
                from_ = piece.start + max(0, start - piece.at)
                to = piece.start + min(stop, end) - piece.at
            first = from_ if first is None else first
            last = to
        return (0, 0) if first is None else (first, last)


def unexpanded(text: str) -> Expansion:
    """*text* as it stands, for the parameters that are not expanded."""
    result = Expansion(text)
    result.pieces.append(Piece(0, 0, len(text), True))
    return result


def expand(text: str, lookup: Lookup, functions: bool = False) -> Expansion:
    """Expand *text* with the names that *lookup* knows, to the end of all nesting.

    *functions*: whether this Postfix has ``${function{text}}``.
    """
    if "$" not in text:
        return unexpanded(text)
    result = Expansion(text)
    run = _Run(lookup, result, functions)
    try:
        run.walk(parse_value(text), 0, None)
    except RecursionError:
        run.fail(f'unreasonable macro call nesting: "{text}"')
    result.text = "".join(run.out)
    return result


class _Run:
    """The state of one expansion."""

    __slots__ = ("depth", "functions", "length", "lookup", "out", "result", "steps")

    def __init__(self, lookup: Lookup, result: Expansion, functions: bool) -> None:
        self.lookup = lookup
        self.functions = functions
        self.result = result
        self.out: list[str] = []
        self.length = 0
        self.steps = 0
        self.depth = 0

    def walk(self, expression: Expression, level: int, place: tuple[int, int] | None) -> None:
        """Append what *expression* stands for.

        *level*: how many references and branches lead here. *place*: where the reference stands in the
        outermost text whose value this is; None: this is the outermost text.
        """
        self.depth += 1
        for part in expression.parts:
            self.steps += 1
            if level > NESTING_LIMIT or self.depth > _DEPTH_LIMIT:
                self.fail(f'unreasonable macro call nesting: "{_inside(part, expression)}"')
            elif self.steps > _STEP_LIMIT or self.length > _SIZE_LIMIT:
                self.fail("the references double each other without end")
            if self.result.problem:
                break
            here = place or (part.start, part.end)
            if isinstance(part, Literal):
                self.literal(part, place)
            elif isinstance(part, Reference):
                self.reference(part.name, level, here)
            elif isinstance(part, Conditional):
                self.conditional(part, level, place, here)
            elif isinstance(part, Comparison):
                truth = self.compare(part)
                self.append("true" if truth else UNKNOWN if truth is None else "", here)
            elif isinstance(part, Call):
                self.call(part, here)
            elif isinstance(part, Problem):
                self.fail(part.message)
        self.depth -= 1

    def fail(self, message: str) -> None:
        self.result.problem = self.result.problem or message

    def append(self, text: str, origin: tuple[int, int], verbatim: bool = False) -> None:
        if text:
            self.result.pieces.append(Piece(self.length, *origin, verbatim))
            self.out.append(text)
            self.length += len(text)

    def literal(self, part: Literal, place: tuple[int, int] | None) -> None:
        if place:
            self.append(part.text, place)
        elif len(part.text) == part.end - part.start:
            self.append(part.text, (part.start, part.end), True)
        else:  # "$$" stands for "$"
            offset = part.start
            for run in re.findall(r"\$|[^$]+", part.text):
                width = 2 if run == "$" else len(run)
                self.append(run, (offset, offset + width), run != "$")
                offset += width

    def find(self, name: str) -> Raw | None:
        raw = self.lookup(name)
        if raw is None:
            if name not in self.result.undefined:
                self.result.undefined.append(name)
        else:
            if raw.setting is not None and raw.setting not in self.result.settings:
                self.result.settings.append(raw.setting)
            self.result.reason = self.result.reason or raw.reason
            self.fail(raw.problem)
        return raw

    def reference(self, name: str, level: int, here: tuple[int, int]) -> None:
        raw = self.find(name)
        if raw is None or not raw.text:
            return
        if "$" in raw.text:
            self.walk(parse_value(raw.text), level + 1, here)
        elif level >= NESTING_LIMIT:
            self.fail(f'unreasonable macro call nesting: "{raw.text}"')
        else:
            self.append(raw.text, here)

    def conditional(
        self, part: Conditional, level: int, place: tuple[int, int] | None, here: tuple[int, int]
    ) -> None:
        if isinstance(part.test, Comparison):
            truth = self.compare(part.test)
        else:
            # The text is looked at as it was set: one that expands to nothing is not empty.
            raw = self.find(part.test.name)
            text = raw.text if raw else ""
            truth = None if text.strip(UNKNOWN) == "" and text else bool(text)
        if self.result.problem:
            return
        if truth is None:
            self.append(UNKNOWN, here)
        else:
            branch = part.then if truth else part.otherwise
            if branch is not None:
                self.walk(branch, level + 1, place)

    def operand(self, expression: Expression) -> str:
        outside = self.out, self.length, self.result.pieces
        self.out, self.result.pieces = [], []
        self.walk(expression, 0, (0, 0))
        text = "".join(self.out)
        self.out, self.length, self.result.pieces = outside
        return text

    def compare(self, part: Comparison) -> bool | None:
        """Whether the comparison holds; None: unknown, or there was a problem."""
        left, right = self.operand(part.left), self.operand(part.right)
        if self.result.problem:
            return None
        if UNKNOWN in left or UNKNOWN in right:
            return None
        a: tuple[int, ...] | bytes | None
        b: tuple[int, ...] | bytes | None
        if part.suffix == "level":
            levels = compatibility_level(left), compatibility_level(right)
            for text, number in zip((left, right), levels, strict=True):
                if number is None:
                    self.fail(f'malformed compatibility level syntax: "{text}"')
                    return None
            a, b = levels
        elif _all_digits(left) and _all_digits(right):
            numbers = _number(left), _number(right)
            for text, value in zip((left, right), numbers, strict=True):
                if value > _LONG_MAX:
                    self.fail(f"mac_exp_eval: bad conversion: {text}")
                    return None
            a, b = (numbers[0],), (numbers[1],)
        else:
            a, b = _bytes(left), _bytes(right)
        return _holds(a, part.operator, b)

    def call(self, part: Call, here: tuple[int, int]) -> None:
        """``domain_to_ascii`` and ``domain_to_utf8``: a name in ASCII is its own answer."""
        if not self.functions or part.function not in _FUNCTIONS:
            self.fail(part.unknown if self.functions else part.unsupported)
            return
        argument = self.operand(part.argument)
        if self.result.problem:
            return
        if argument.isascii() and "xn--" not in argument.lower():
            self.append(argument, here)
        else:
            self.result.reason = self.result.reason or f"{part.function} asks the ICU library"
            self.append(UNKNOWN, here)


def _inside(part: Part, expression: Expression) -> str:
    """A literal, or what stands between the brackets of a part."""
    if isinstance(part, Literal):
        return part.text
    text = expression.text[part.start - expression.start + 1 : part.end - expression.start]
    return text[1:-1] if text[:1] in ("{", "(") else text


def compatibility_level(text: str) -> tuple[int, ...] | None:
    """The three numbers of a level ``N[.N[.N]]``; None: Postfix refuses it (global/compat_level.c)."""
    match = _LEVEL.fullmatch(text)
    if match is None:
        return None
    major, minor, patch = (_number(number or "0") for number in match.groups())
    if not (0 <= major <= _LONG_MAX >> 20 and 0 <= minor <= 1023 and 0 <= patch <= 1023):
        return None
    return major, minor, patch


def _holds(a: Any, operator: str, b: Any) -> bool:
    if operator == "==":
        return bool(a == b)
    if operator == "!=":
        return bool(a != b)
    if operator == "<":
        return bool(a < b)
    if operator == "<=":
        return bool(a <= b)
    if operator == ">":
        return bool(a > b)
    return bool(a >= b)


def _all_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _number(text: str) -> int:
    """The value of a decimal number; of one that no computer word holds, some number as great."""
    digits = text.lstrip("+-").lstrip("0")
    return (-1 if text.startswith("-") else 1) * int(digits[:20] or "0")


def _bytes(text: str) -> bytes:
    """In the order of strcmp(3)."""
    return text.encode("utf-8", "surrogateescape")
