"""The macro language of parameter values (postconf(5), "$name" expansion) as a tree.

The readings are those of Postfix: util/mac_parse.c and util/mac_expand.c. Nothing is looked up
here: an `Expression` says what stands there, and evaluating it is somebody else's business.
All offsets count from the start of the text given to `parse_value`, in nested expressions too.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

from .grammar import Parsed, Parser
from .lists import SPACE


class Expression:
    """A text with macro references in it. Its parts follow each other and cover ``text``."""

    __slots__ = ("end", "parts", "start", "text")

    def __init__(self, text: str, start: int, parts: "tuple[Part, ...]") -> None:
        self.text = text
        self.start = start
        self.end = start + len(text)
        self.parts = parts


class Part:
    """A stretch of an expression, from offset ``start`` to before ``end``."""

    __slots__ = ("end", "start")

    def __init__(self, start: int, end: int) -> None:
        self.start = start
        self.end = end


class Literal(Part):
    """Text that stands for itself; ``text`` has each ``$$`` made ``$``."""

    __slots__ = ("text",)

    def __init__(self, start: int, end: int, text: str) -> None:
        super().__init__(start, end)
        self.text = text


class Reference(Part):
    """``$name``, ``${name}`` or ``$(name)``; as the test of a `Conditional` the name alone.

    The name is ``[A-Za-z0-9_]*``: ``${ }`` is a reference to the parameter with the empty name.
    """

    __slots__ = ("name", "name_start")

    def __init__(self, start: int, end: int, name: str, name_start: int) -> None:
        super().__init__(start, end)
        self.name = name
        self.name_start = name_start


class Comparison(Part):
    """``{left} operator suffix {right}``: its value is ``true`` or the empty string.

    The suffix is ``level`` (compare as compatibility levels, global/compat_level.c) or empty
    (as numbers if both sides are all digits, else as strings).
    """

    __slots__ = ("left", "operator", "right", "suffix")

    def __init__(
        self, start: int, end: int, left: Expression, operator: str, suffix: str, right: Expression
    ) -> None:
        super().__init__(start, end)
        self.left = left
        self.operator = operator
        """One of ``== != < <= >= >``."""
        self.suffix = suffix
        self.right = right


class Conditional(Part):
    """``${test?then}``, ``${test:otherwise}`` or ``${test?{then}:{otherwise}}``.

    ``then`` is the result if the test's value is not empty, ``otherwise`` if it is empty or the
    parameter is not defined; None where nothing was given (the result is empty).
    """

    __slots__ = ("otherwise", "test", "then")

    def __init__(
        self,
        start: int,
        end: int,
        test: Reference | Comparison,
        then: Expression | None,
        otherwise: Expression | None,
    ) -> None:
        super().__init__(start, end)
        self.test = test
        self.then = then
        self.otherwise = otherwise


class Call(Part):
    """``${function{argument}}``, white space around the argument not counted.

    Which functions there are depends on the Postfix version: one that does not have this function
    says ``unknown``, one that has no functions at all says ``unsupported``.
    """

    __slots__ = ("argument", "function", "unknown", "unsupported")

    def __init__(self, start: int, end: int, function: str, argument: Expression, unsupported: str) -> None:
        super().__init__(start, end)
        self.function = function
        self.argument = argument
        self.unknown = f'unknown function "{function}" at"...>>>{function}{{{argument.text}}}"'
        self.unsupported = unsupported


class Problem(Part):
    """What Postfix refuses with ``macro processing error`` when it evaluates this part."""

    __slots__ = ("at", "kind", "message")

    TRUNCATED = "truncated"
    """``${`` or ``$(`` without its closing bracket, and all behind it."""
    EMPTY_NAME = "empty-name"
    """``$`` without a name, ``${}`` or ``$()``, and all behind it."""
    BAD_NAME = "bad-name"
    """Another character than a letter, digit or ``_`` in the name."""
    UNBALANCED = "unbalanced"
    """``{`` without ``}`` inside ``$( )``."""
    BAD_OPERATOR = "bad-operator"
    """``{left}`` without a relational operator behind it."""
    BAD_SUFFIX = "bad-suffix"
    """An operator with another suffix than ``level``."""
    OPERAND_EXPECTED = "operand-expected"
    """An operator without ``{right}`` behind it."""
    CHOICE_EXPECTED = "choice-expected"
    """Something else than ``?`` or ``:`` behind a comparison."""
    COLON_EXPECTED = "colon-expected"
    """Something else than ``:`` behind ``?{then}``."""
    UNEXPECTED_INPUT = "unexpected-input"
    """Something behind the last ``{text}``."""
    NESTING = "nesting"
    """Expressions nested deeper than Postfix evaluates them."""

    def __init__(self, start: int, end: int, kind: str, message: str, at: int) -> None:
        super().__init__(start, end)
        self.kind = kind
        self.message = message
        """The warning that Postfix logs, in its words."""
        self.at = at
        """The offset of what it could not read."""


NESTING_LIMIT = 100
"""More levels than this are ``unreasonable macro call nesting`` (util/mac_expand.c)."""

_WORK_LIMIT = 250_000
"""Brackets to be looked at, each as often as there are brackets around it. Reading takes time in
proportion; no real value comes near."""


@lru_cache(maxsize=256)
def parse_value(text: str) -> Expression:
    """The tree of a value. Every text has one; what Postfix refuses is a `Problem` in it."""
    if "$" not in text:
        return Expression(text, 0, (Literal(0, len(text), text),) if text else ())
    plain = _plain_parts(text)
    if plain is not None:
        return Expression(text, 0, plain)
    if _work(text) > _WORK_LIMIT:
        return Expression(text, 0, (_too_deep(text, 0),))
    return _expression(text, 0, 0)


def _plain_parts(text: str) -> tuple[Part, ...] | None:
    """The parts of a text with no other brackets than those around a name; None: it may have others.

    So are nearly all values, and most configurations do without the parser, which takes a while to start.
    """
    parts: list[Part] = []
    end = 0
    for found in _plain_part().finditer(text):
        start, seen = found.start(), end
        end = found.end()
        if start != seen:
            return None
        if found.lastgroup == "literal":
            parts.append(Literal(start, end, found[0]))
        else:
            group = found.lastgroup or ""
            parts.append(Reference(start, end, found[group], found.start(group)))
    return tuple(parts) if end == len(text) else None


@cache
def _plain_part() -> re.Pattern[str]:
    name, space = "[A-Za-z0-9_]+", "[ \\t\\r\\n]*"
    return re.compile(
        rf"(?P<literal>[^$]+)|\$(?:(?P<bare>{name})"
        rf"|\{{{space}(?P<braced>{name}){space}\}}|\({space}(?P<round>{name}){space}\))"
    )


def _work(text: str) -> int:
    depth = work = 0
    for bracket in _brackets().finditer(text):
        if bracket[0] in "({":
            work += depth
            depth += 1
        elif depth:
            depth -= 1
    return work


@cache
def _brackets() -> re.Pattern[str]:
    return re.compile("[(){}]")


@cache
def _parser() -> Parser:
    return Parser("value")


def _expression(text: str, offset: int, level: int) -> Expression:
    """Read *text*, which stands at *offset* in the value, *level* levels below the outermost text."""
    if level > NESTING_LIMIT and text:
        return Expression(text, offset, (_too_deep(text, offset),))
    found = _parser().parse(text, "text").children
    return Expression(text, offset, tuple([_part(text, offset, level, piece) for piece in found]))


def _part(text: str, offset: int, level: int, found: Any) -> Part:
    if not isinstance(found, Parsed):
        start, end = offset + found.start_pos, offset + found.end_pos
        if found.type == "LITERAL":
            return Literal(start, end, found.replace("$$", "$"))
        name = found.strip("${()}" + SPACE)
        return Reference(start, end, name, start + found.index(name))
    opening, closing = found.children[0], found.children[-1]
    start, end = offset + opening.start_pos, offset + closing.end_pos
    if found.rule == "nameless":
        return Problem(start, end, Problem.EMPTY_NAME, f'empty macro name: "{text}"', start)
    if found.rule == "truncated":
        message = f'truncated macro reference: "{text}"'
        return Problem(start, offset + len(text), Problem.TRUNCATED, message, start)
    inside = text[opening.end_pos : closing.start_pos]
    return _Brackets(start, end, inside, offset + opening.end_pos, level).read()


class _Brackets:
    """What stands in the brackets of one expression, and how each shape that it can have is read.

    The public methods but `read` are named after the rules of the grammar, and take what was found.
    """

    def __init__(self, start: int, end: int, text: str, offset: int, level: int) -> None:
        self.start = start
        self.end = end
        self.text = text
        self.offset = offset
        self.level = level

    def read(self) -> Part:
        found = _parser().parse(self.text, "expression")
        problem = self._operator_problem(found.children)
        if problem:
            return problem
        part: Part = getattr(self, found.rule)(*found.children)
        return part

    def reference(self, name: Parsed, *_: Any) -> Reference:
        word, start = self._name(name)
        return Reference(self.start, self.end, word, start)

    def truth(self, comparison: Parsed) -> Comparison:
        return self._comparison(comparison, self.start, self.end)

    def conditional(self, test: Parsed, *choice: Any) -> Conditional:
        branches: dict[str, Expression] = {}
        branch = ""
        for found in choice:
            if isinstance(found, Parsed):
                branches[branch] = self._group(found)
            elif found.type == "REST":
                branches[branch] = self._inner(found.start_pos, found.end_pos)
            else:
                branch = found.type
                branches[branch] = self._inner(found.end_pos, found.end_pos)
        tested = self._test(test, choice[0].start_pos)
        return Conditional(self.start, self.end, tested, branches.get("QUESTION"), branches.get("COLON"))

    def call(self, name: Any, argument: Parsed) -> Call:
        start, end = _inside(argument)
        payload = self.text[start:end]
        stripped = payload.strip(SPACE)
        start += len(payload) - len(payload.lstrip(SPACE))
        inner = self._inner(start, start + len(stripped))
        return Call(self.start, self.end, name.strip(SPACE), inner, self.bad_name(name).message)

    # What Postfix refuses.

    def bad_name(self, name: Any, *_: Any) -> Problem:
        if isinstance(name, Parsed):
            name = name.children[0] if name.children else None
        at = name.end_pos if name else len(self.text) - len(self.text.lstrip(SPACE))
        return self._problem(Problem.BAD_NAME, "attribute name syntax error", self.text[:at], at)

    def operator_expected(self, left: Parsed, *_: Any) -> Problem:
        return self._problem(
            Problem.BAD_OPERATOR,
            f"{_ANY_OPERATOR} expected",
            self._payload(left) + "}",
            left.children[-1].end_pos,
        )

    def operand_expected(self, left: Parsed, operator: Any, *others: Any) -> Problem:
        at = others[0].end_pos if others and others[0].type == "SUFFIX" else operator.end_pos
        before = f"{{{self._payload(left)}}} {operator}"
        return self._problem(Problem.OPERAND_EXPECTED, '"{expression}" expected', before, at)

    def choice_expected(self, _: Any, rest: Any) -> Problem:
        return self._problem(Problem.CHOICE_EXPECTED, '"?" or ":" expected', "}", rest.start_pos)

    def colon_expected(self, *found: Any) -> Problem:
        then, rest = found[-2:]
        return self._problem(
            Problem.COLON_EXPECTED, '":" expected', self._payload(then) + "}", rest.start_pos
        )

    def unexpected_input(self, *found: Any) -> Problem:
        otherwise, rest = found[-2:]
        before = self._payload(otherwise) + "}"
        return self._problem(Problem.UNEXPECTED_INPUT, "unexpected input", before, rest.start_pos)

    def unbalanced(self, *found: Any) -> Problem:
        at = found[-1].children[0].end_pos - 1
        message = f'unbalanced {{}} in attribute expression: "{self.text[at:]}"'
        return Problem(self.start, self.end, Problem.UNBALANCED, message, self.offset + at)

    def _operator_problem(self, found: list[Any]) -> Problem | None:
        """Postfix looks whether there is such an operator before it reads on."""
        if found and isinstance(found[0], Parsed) and found[0].rule == "comparison":
            found = found[0].children
        if len(found) < 2 or isinstance(found[1], Parsed) or found[1].type != "OPERATOR":
            return None
        left, operator, *others = found
        if operator not in _OPERATORS:
            return self.operator_expected(left)
        suffix = others[0] if others else None
        if suffix is None or isinstance(suffix, Parsed) or suffix.type != "SUFFIX" or suffix == _LEVEL:
            return None
        message = f'bad operator suffix at: "...{operator}>>>{suffix}"'
        return Problem(self.start, self.end, Problem.BAD_SUFFIX, message, self.offset + suffix.start_pos)

    def _problem(self, kind: str, what: str, before: str, at: int) -> Problem:
        message = f'{what} at: "...{before}>>>{_shown(self.text[at:])}"'
        return Problem(self.start, self.end, kind, message, self.offset + at)

    def _test(self, test: Parsed, end: int) -> Reference | Comparison:
        if test.rule == "comparison":
            left = test.children[0]
            return self._comparison(test, self.offset + left.children[0].end_pos - 1, self.offset + end)
        word, start = self._name(test)
        return Reference(start, start + len(word), word, start)

    def _comparison(self, comparison: Parsed, start: int, end: int) -> Comparison:
        left, operator, *suffix, right = comparison.children
        return Comparison(start, end, self._group(left), str(operator), "".join(suffix), self._group(right))

    def _name(self, name: Parsed) -> tuple[str, int]:
        if not name.children:
            return "", self.offset
        token = name.children[0]
        word = token.strip(SPACE)
        return word, self.offset + token.end_pos - len(word)

    def _group(self, group: Parsed) -> Expression:
        return self._inner(*_inside(group))

    def _inner(self, start: int, end: int) -> Expression:
        return _expression(self.text[start:end], self.offset + start, self.level + 1)

    def _payload(self, group: Parsed) -> str:
        start, end = _inside(group)
        return self.text[start:end]


_OPERATORS = frozenset({"==", "!=", "<", "<=", ">=", ">"})
_ANY_OPERATOR = '"==" or "!="" or "<"" or "<="" or ">="" or ">"'
"""Postfix has the quotes so."""
_LEVEL = "level"
"""The one suffix of operators that there is (global/compat_level.c)."""


def _inside(group: Parsed) -> tuple[int, int]:
    """Where what is between the braces begins and ends."""
    return group.children[0].end_pos, group.children[-1].start_pos


def _shown(text: str) -> str:
    """As much of *text* as Postfix shows of what it could not read: 20 bytes."""
    return text[:20].encode("utf-8", "surrogateescape")[:20].decode("utf-8", "replace")


def _too_deep(text: str, offset: int) -> Problem:
    message = f'unreasonable macro call nesting: "{text}"'
    return Problem(offset, offset + len(text), Problem.NESTING, message, offset)


def references(expression: Expression) -> Iterator[Reference]:
    """Every reference to a parameter, those in tests, operands and both branches too, in order."""
    return (part for part in _walk(expression) if isinstance(part, Reference))


def problems(expression: Expression) -> Iterator[Problem]:
    """Every problem, in order; Postfix reports one only if it comes to evaluate its branch."""
    return (part for part in _walk(expression) if isinstance(part, Problem))


def _walk(expression: Expression) -> Iterator[Part]:
    for part in expression.parts:
        yield from _with_inner(part)


def _with_inner(part: Part) -> Iterator[Part]:
    # The nesting is bounded by parse_value.
    yield part
    if isinstance(part, Conditional):
        yield from _with_inner(part.test)
        if part.then:
            yield from _walk(part.then)
        if part.otherwise:
            yield from _walk(part.otherwise)
    elif isinstance(part, Comparison):
        yield from _walk(part.left)
        yield from _walk(part.right)
    elif isinstance(part, Call):
        yield from _walk(part.argument)
