"""The macro language of parameter values (postconf(5), "$name" expansion) as a tree.

The readings are those of Postfix: util/mac_parse.c and util/mac_expand.c. Nothing is looked up
here: an `Expression` says what stands there, and evaluating it is somebody else's business.
All offsets count from the start of the text given to `parse_value`, in nested expressions too.
"""

from collections.abc import Iterator


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

    __slots__ = ("kind", "message")

    TRUNCATED = "truncated"
    """``${`` or ``$(`` without its closing bracket."""
    EMPTY_NAME = "empty-name"
    """``$`` without a name, ``${}`` or ``$()``."""
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

    def __init__(self, start: int, end: int, kind: str, message: str) -> None:
        super().__init__(start, end)
        self.kind = kind
        self.message = message
        """The warning that Postfix logs, in its words."""


def parse_value(text: str) -> Expression:
    """The tree of a value. Every text has one; what Postfix refuses is a `Problem` in it."""
    if "$" not in text:
        return Expression(text, 0, (Literal(0, len(text), text),) if text else ())
    raise NotImplementedError


def references(expression: Expression) -> Iterator[Reference]:
    """Every reference to a parameter, those in tests, operands and both branches too, in order."""
    for part in expression.parts:
        yield from _references_in(part)


def _references_in(part: Part) -> Iterator[Reference]:
    # The nesting is bounded by parse_value.
    if isinstance(part, Reference):
        yield part
    elif isinstance(part, Conditional):
        yield from _references_in(part.test)
        if part.then:
            yield from references(part.then)
        if part.otherwise:
            yield from references(part.otherwise)
    elif isinstance(part, Comparison):
        yield from references(part.left)
        yield from references(part.right)
    elif isinstance(part, Call):
        yield from references(part.argument)


def problems(expression: Expression) -> Iterator[Problem]:
    """Every problem, in order; Postfix reports one only if it comes to evaluate its branch."""
    for part in expression.parts:
        yield from _problems_in(part)


def _problems_in(part: Part) -> Iterator[Problem]:
    if isinstance(part, Problem):
        yield part
    elif isinstance(part, Conditional):
        yield from _problems_in(part.test)
        if part.then:
            yield from problems(part.then)
        if part.otherwise:
            yield from problems(part.otherwise)
    elif isinstance(part, Comparison):
        yield from problems(part.left)
        yield from problems(part.right)
    elif isinstance(part, Call):
        yield from problems(part.argument)
