"""Every golden case gives its tree, its text again, and what the real Postfix says."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from maillint.syntax.lists import split_list
from maillint.syntax.main_cf import parse_main_cf
from maillint.syntax.master_cf import parse_master_cf
from maillint.syntax.source import Source
from maillint.syntax.value import parse_value
from support import needs_postfix
from syntax import postfix_says, rendering
from syntax.golden import FOLDER, Case, cases

KINDS = ("main.cf", "master.cf", "value", "list")
CASES = [pytest.param(kind, case, id=f"{kind}: {case.title}") for kind in KINDS for case in cases(kind)]
OUTCOMES = [
    pytest.param(kind, case, command, id=f"{kind}: {case.title}: {command}")
    for kind in KINDS
    for case in cases(kind)
    for command in case.outcomes
]


@pytest.mark.parametrize(("kind", "case"), CASES)
def test_tree(kind: str, case: Case) -> None:
    assert tree(kind, case) == case.tree


def tree(kind: str, case: Case) -> str:
    source = Source.from_bytes(kind, case.input)
    if kind == "main.cf":
        return rendering.file(parse_main_cf(source))
    if kind == "master.cf":
        return rendering.file(parse_master_cf(source))
    if kind == "value":
        setting = parse_main_cf(Source.from_bytes(kind, b"x = " + case.input)).settings[0]
        return rendering.expression(parse_value(setting.value.text))
    return rendering.items(split_list(source.text.rstrip("\n"), case.options == "braces"))


@pytest.fixture(scope="module")
def outcomes() -> Iterator[dict[tuple[str, str, str], Future[str]]]:
    """What the real programs say to each command of each case.

    They are asked side by side, for a Postfix program that has met a fatal error sleeps for a second.
    """
    with ThreadPoolExecutor(4) as pool:
        yield {
            (kind, case.title, command): pool.submit(postfix_says.outcome, kind, command, case.input)
            for kind in KINDS
            for case in cases(kind)
            for command in case.outcomes
        }


@needs_postfix
@pytest.mark.parametrize(("kind", "case", "command"), OUTCOMES)
def test_outcome(
    kind: str, case: Case, command: str, outcomes: dict[tuple[str, str, str], Future[str]]
) -> None:
    assert outcomes[kind, case.title, command].result() == case.outcomes[command]


@pytest.mark.parametrize("kind", KINDS)
def test_all_cases_are_read(kind: str) -> None:
    text = (FOLDER / f"{kind}.md").read_text("utf-8")
    assert text.count("```tree\n") == text.count("\n## ") == len(cases(kind))
