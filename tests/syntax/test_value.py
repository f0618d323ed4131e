"""The tree of values: it covers the text, names stand where it says, and Postfix refuses what it refuses."""

import re
from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from maillint.syntax import value
from maillint.syntax.value import (
    Call,
    Comparison,
    Conditional,
    Expression,
    Literal,
    Part,
    Problem,
    Reference,
    parse_value,
    problems,
    references,
)
from support import needs_postfix, run_postconf

PIECES = [
    "$",
    "$",
    "{",
    "}",
    "(",
    ")",
    "?",
    ":",
    "==",
    "<",
    "=",
    "level",
    "-",
    "bar",
    "empty",
    "x",
    " ",
    "${bar",
    "{a}",
]
VALUES = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)
WELL_FORMED = st.recursive(
    st.sampled_from(["", "x", "$$", "$bar", "${bar}", "$(empty)", "a {b} c", " "]),
    lambda inner: st.one_of(
        st.builds("${{bar?{{{}}}:{{{}}}}}".format, inner, inner),
        st.builds("${{empty:{}}}".format, inner),
        st.builds("${{ {{{}}} == {{{}}} ? {{{}}}}}".format, inner, inner, inner),
        st.builds("{}{}".format, inner, inner),
    ),
    max_leaves=8,
)


@given(VALUES | st.text(max_size=40) | WELL_FORMED)
def test_parts_cover_the_text(text: str) -> None:
    check(parse_value(text), text)


def check(expression: Expression, whole: str) -> None:
    assert whole[expression.start : expression.end] == expression.text
    assert "".join(whole[part.start : part.end] for part in expression.parts) == expression.text
    for part in expression.parts:
        assert part.start < part.end
        if isinstance(part, Literal):
            assert part.text == whole[part.start : part.end].replace("$$", "$")
        if isinstance(part, Problem):
            assert part.start <= part.at <= part.end
        for nested in inside(part):
            check(nested, whole)
    for reference in references(expression):
        start = reference.name_start
        assert whole[start : start + len(reference.name)] == reference.name
        assert re.fullmatch("[A-Za-z0-9_]*", reference.name)


def inside(part: Part) -> Iterator[Expression]:
    if isinstance(part, Conditional):
        yield from inside(part.test)
        yield from filter(None, (part.then, part.otherwise))
    elif isinstance(part, Comparison):
        yield from (part.left, part.right)
    elif isinstance(part, Call):
        yield part.argument


def test_references_are_found_everywhere() -> None:
    parsed = parse_value("$a ${b?{$c}:{${d}}} ${{$e} == {$(f)} ? {$g} : {$h}} ${i{$j}} ${k:$l}")
    assert [reference.name for reference in references(parsed)] == list("abcdefghjkl")


def test_offsets_count_from_the_start_of_the_value() -> None:
    text = "a $$ ${b? {x $c} : { ${d-} }}"
    parsed = parse_value(text)
    conditional = parsed.parts[1]
    assert isinstance(conditional, Conditional)
    assert isinstance(conditional.test, Reference)
    assert conditional.test.start == text.index("b?")
    assert conditional.then and conditional.then.start == text.index("x $c")
    assert [problem.at for problem in problems(parsed)] == [text.index("-}")]


@given(VALUES | st.text("$ab_{}() \n", max_size=12) | WELL_FORMED)
def test_what_is_read_without_the_parser_reads_the_same_with_it(text: str) -> None:
    parts = value._plain_parts(text)
    if parts is not None:
        assert told(parts) == told(value._expression(text, 0, 0).parts)


def test_common_values_are_read_without_the_parser() -> None:
    for text in ("$a", "a, ${b}, $( c )\n$d/e", "x"):
        assert value._plain_parts(text) is not None
    for text in ("$$a", "${b?c}", "$", "${}", "$(a", "${a-b}", "$-"):
        assert value._plain_parts(text) is None


def told(parts: tuple[Part, ...]) -> list[object]:
    return [
        (type(part), *(getattr(part, name, None) for name in ("start", "end", "text", "name", "name_start")))
        for part in parts
    ]


def test_no_dollar_sign_no_parser() -> None:
    parsed = parse_value("{ a } ?: b")
    assert [type(part) for part in parsed.parts] == [Literal]
    assert parse_value("").parts == ()


@given(WELL_FORMED)
def test_what_is_well_formed_has_no_problem(text: str) -> None:
    assert not list(problems(parse_value(text)))


@needs_postfix
@settings(max_examples=150)
@given(VALUES)
def test_postfix_refuses_the_same_in_the_same_words(value: str) -> None:
    """postconf(1) scans the values of user-defined names, with all branches, and warns of problems."""
    main = f"smtpd_restriction_classes = own\nown = {value}\n"
    said = [line.partition("warning: ")[2] for line in run_postconf("-n", main=main).stderr.splitlines()]
    warned = [line for line in said if not line.startswith("/")]
    expected = refusals(parse_value(value.strip()))
    assert bool(warned) == bool(expected)
    assert set(expected[:1]) <= set(warned)


def refusals(expression: Expression) -> list[str]:
    """What Postfix before 3.11, which knows no functions, finds wrong."""
    found: list[str] = []
    for part in expression.parts:
        if isinstance(part, Problem):
            found.append(part.message)
        elif isinstance(part, Call):
            found.append(part.unsupported)
        else:
            found += [refusal for nested in inside(part) for refusal in refusals(nested)]
    return found
