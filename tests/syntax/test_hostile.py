"""Hostile input takes time in proportion to its size: each text here would need hours otherwise."""

import time
from collections.abc import Callable

import pytest

from maillint.syntax.lists import open_group, split_list
from maillint.syntax.main_cf import parse_main_cf
from maillint.syntax.master_cf import parse_master_cf
from maillint.syntax.source import Source
from maillint.syntax.value import (
    NESTING_LIMIT,
    Conditional,
    Expression,
    Problem,
    parse_value,
    problems,
    references,
)
from support import needs_postfix, run_postconf

SIZE = 1_000_000
SECONDS = 60
"""Generous: all take a few seconds at most, anything but linear takes hours."""

LINES = {
    "spaces": " " * SIZE,
    "spaces before a value": "a = b\n" + " " * SIZE + "c\n",
    "spaces behind a name": "a" + " " * SIZE + "b\n",
    "indented lines behind a name": "a" + "\n  " * (SIZE // 3) + "b\n",
    "blank lines": "\n" * SIZE,
    "white space": "a = " + " \r" * (SIZE // 2) + "b\n",
    "dollar signs": "a = " + "$" * SIZE,
    "equals signs": "=" * SIZE,
    "NUL": "\0" * SIZE,
    "comments within a setting": "a = b\n" + "# c\n" * (SIZE // 4) + " d\n",
    "comments behind a setting": "a = b\n" + "# c\n" * (SIZE // 4) + "d = e\n",
    "long blank lines": "a = b\n" + (" " * 999 + "\n") * (SIZE // 1000) + "c = d\n",
    "continuation lines": "a =" + "\n  b" * (SIZE // 4),
}
WORDS = {
    "opening braces": "{" * (SIZE // 4),
    "braces": "{}" * (SIZE // 8),
    "spaces": " " * SIZE + "x",
    "an option of many words": "-o {a=" + " b" * (SIZE // 2) + "}",
    "an option of much white space": "-o {a=b" + " " * SIZE + "c}",
}
VALUES = {
    "dollar signs": "$" * SIZE,
    "dollar signs and spaces": "$ " * (SIZE // 2),
    "unclosed brackets": "${" * (SIZE // 2),
    "unclosed round brackets": "$(" * (SIZE // 2),
    "nested conditions": "${a?" * (SIZE // 5) + "}" * (SIZE // 5),
    "nested comparisons": "${{" * (SIZE // 5) + "}}" * (SIZE // 5),
    "nested text": "{" * (SIZE // 2) + "}" * (SIZE // 2) + "$a",
    "spaces in a name": "${a" + " " * SIZE + "b}",
    "references": "$a" * (SIZE // 20),
    "problems": "${-}" * (SIZE // 40),
}


def in_time(action: Callable[[], object]) -> None:
    start = time.perf_counter()
    action()
    assert time.perf_counter() - start < SECONDS


@pytest.mark.parametrize("title", LINES)
def test_lines(title: str) -> None:
    source = Source("main.cf", LINES[title])
    in_time(lambda: parse_main_cf(source))
    in_time(lambda: parse_master_cf(source))


@pytest.mark.parametrize("title", WORDS)
def test_words(title: str) -> None:
    in_time(lambda: parse_master_cf(Source("master.cf", f"s unix - - - - - x {WORDS[title]}\n")))
    in_time(lambda: split_list(WORDS[title], braces=True))
    in_time(lambda: open_group("{" + WORDS[title]))


@pytest.mark.parametrize("title", VALUES)
def test_values(title: str) -> None:
    in_time(lambda: [*references(parse_value(VALUES[title])), *problems(parse_value(VALUES[title]))])


@pytest.mark.parametrize("closed", [True, False])
def test_ten_thousand_nested_brackets_are_a_problem(closed: bool) -> None:
    text = "${" * 10_000 + "}" * 10_000 * closed
    assert [problem.start for problem in problems(parse_value(text))] == [0]


def test_nesting_as_deep_as_postfix_goes() -> None:
    def depth_of_problem(levels: int) -> int | None:
        expression: Expression | None = parse_value("${a?" * levels + "x" + "}" * levels)
        depth = 0
        while expression and isinstance(expression.parts[0], Conditional):
            expression = expression.parts[0].then
            depth += 1
        assert expression
        return depth if isinstance(expression.parts[0], Problem) else None

    assert depth_of_problem(NESTING_LIMIT) is None
    assert depth_of_problem(NESTING_LIMIT + 1) == NESTING_LIMIT + 1


@needs_postfix
@pytest.mark.parametrize("levels", [NESTING_LIMIT, NESTING_LIMIT + 1])
def test_postfix_goes_as_deep(levels: int) -> None:
    text = "${own?" * levels + "x" + "}" * levels
    run = run_postconf("-hx", "relayhost", main=f"own = 1\nrelayhost = {text}\n")
    said = {line.partition("warning: ")[2] for line in run.stderr.splitlines() if "nesting" in line}
    assert said == {problem.message for problem in problems(parse_value(text))}
