"""Which findings a comment silences."""

import pytest

from maillint.engine.finding import Finding
from maillint.engine.suppression import Ignores
from maillint.syntax.main_cf import parse_main_cf
from maillint.syntax.master_cf import parse_master_cf
from maillint.syntax.source import Location, Source, Span
from maillint.syntax.tree import MainCf, MasterCf


def main_cf(text: str) -> MainCf:
    return parse_main_cf(Source("main.cf", text))


def finding(file: MainCf | MasterCf, at: str, rule: str = "some-rule") -> Finding:
    """A finding of *rule* where the text *at* stands."""
    start = file.source.text.index(at)
    found = Finding(Location(file.source, Span(start, start + len(at))), "message")
    found.rule = rule
    return found


def silenced(file: MainCf | MasterCf, at: str, rule: str = "some-rule") -> bool:
    return not Ignores([file], [], []).filter([finding(file, at, rule)])[0]


@pytest.mark.parametrize(
    "text",
    [
        "# maillint: ignore[some-rule] reason\nname = HERE\n",
        "# maillint: ignore[some-rule]\nname = HERE",
        "#maillint:ignore[some-rule]\nname = HERE\n",
        "   ## maillint: ignore [ other,some-rule ]\nname = HERE\n",
        "# maillint: ignore[other some-rule]\nname = HERE\n",
        "# maillint: ignore[some-rule]\n\n# more words\n\nname = HERE\n",
        "# maillint: ignore[some-rule]\n# maillint: ignore[other]\nname = HERE\n",
        "# maillint: ignore[some-rule] reason\r\nname = HERE\r\n",
        "# maillint: ignore[some-rule]\nname = a,\n  b,\n  HERE\n",
        "# maillint: ignore[some-rule]\nHERE is malformed\n",
        "name = a,\n  b,\n# maillint: ignore[some-rule]\n  HERE\n",
        "name = HERE,\n  # maillint: ignore[some-rule]\n  b\n",
        "a = b\n# maillint: ignore[some-rule]\n\n# HERE a comment\n",
    ],
)
def test_silenced(text: str) -> None:
    assert silenced(main_cf(text), "HERE")


@pytest.mark.parametrize(
    "text",
    [
        "name = HERE\n",
        "# maillint: ignore[other]\nname = HERE\n",
        "# maillint: ignore[some-rule]\na = b\nname = HERE\n",
        "name = HERE\n# maillint: ignore[some-rule]\na = b\n",
        "name = HERE\n# maillint: ignore[some-rule]\n",
        "name = a\n  # maillint: ignore[some-rule]\n  b\nother = HERE\n",
        "name = HERE # maillint: ignore[some-rule]\n",
        "# maillint: ignore\nname = HERE\n",
        "# maillint: ignore[]\nname = HERE\n",
        "# see maillint: ignore[some-rule]\nname = HERE\n",
    ],
)
def test_not_silenced(text: str) -> None:
    assert not silenced(main_cf(text), "HERE")


def test_service() -> None:
    text = (
        "# maillint: ignore[some-rule]\nsmtp inet n - y - - smtpd\n  -o a=FIRST\n"
        "submission inet n - y - - smtpd\n  # maillint: ignore[some-rule]\n  -o a=SECOND\n"
        "pickup unix n - y 60 1 THIRD\n"
    )
    master = parse_master_cf(Source("master.cf", text))
    assert [silenced(master, at) for at in ("FIRST", "SECOND", "THIRD")] == [True, True, False]


def test_comment_speaks_about_its_own_file_only() -> None:
    text = "# maillint: ignore[some-rule]\nname = HERE\n"
    other = main_cf(text)
    assert Ignores([main_cf(text)], [], []).filter([finding(other, "HERE")])[0]


def test_use_is_counted_for_each_name() -> None:
    file = main_cf("# maillint: ignore[one, two] reason\nname = HERE\n")
    ignores = Ignores([file], [], [])
    assert not ignores.filter([finding(file, "HERE", "two")])[0]
    assert [(ignore.name, ignore.silenced) for ignore in ignores.ignores] == [("one", 0), ("two", 1)]
    assert [ignore.location.text for ignore in ignores.ignores] == ["one", "two"]


@pytest.mark.parametrize(
    "comment", ["maillint: ignore", "maillint: ignore[]", "maillint: disable=x", "maillint:"]
)
def test_what_is_not_understood_is_kept(comment: str) -> None:
    file = main_cf(f"a = b\n# {comment}\nc = d\n")
    assert [location.text for location in Ignores([file], [], []).malformed] == [comment]


@pytest.mark.parametrize(
    "text",
    [
        "a = b\n# maillint: ignore-file[some-rule] reason\nname = HERE\n",
        "name = HERE\n# maillint: ignore-file[other, some-rule]\n",
        "# maillint: ignore-start[some-rule]\na = b\nname = HERE\n# maillint: ignore-end[some-rule]\n",
        "# maillint: ignore-start[some-rule, other]\n# maillint: ignore-end[other]\nname = HERE\n"
        "# maillint: ignore-end[some-rule]\n",
        "a = b\n# maillint: ignore-start[some-rule]\nc = d\nname = HERE\n",
    ],
)
def test_silenced_by_range_or_file(text: str) -> None:
    assert silenced(main_cf(text), "HERE")


@pytest.mark.parametrize(
    "text",
    [
        "# maillint: ignore-start[some-rule]\na = b\n# maillint: ignore-end[some-rule]\nname = HERE\n",
        "name = HERE\n# maillint: ignore-start[some-rule]\na = b\n# maillint: ignore-end[some-rule]\n",
        "# maillint: ignore-end[some-rule]\nname = HERE\n",
        "# maillint: ignore-file[other]\nname = HERE\n",
    ],
)
def test_not_silenced_by_range_or_file(text: str) -> None:
    assert not silenced(main_cf(text), "HERE")


def test_half_a_range_is_kept() -> None:
    file = main_cf(
        "# maillint: ignore-end[one]\na = b\n"
        "# maillint: ignore-start[two]\n# maillint: ignore-start[two]\nc = d\n"
    )
    halves = Ignores([file], [], []).unbalanced
    assert [(half.location.text, half.location.start.line, half.word) for half in halves] == [
        ("one", 1, "ignore-end"),
        ("two", 3, "ignore-start"),
        ("two", 4, "ignore-start"),
    ]


def test_a_range_ends_with_its_file() -> None:
    first = main_cf("# maillint: ignore-start[some-rule]\na = b\n")
    second = main_cf("name = HERE\n")
    assert Ignores([first, second], [], []).filter([finding(second, "HERE")])[0]


def test_the_reason_goes_with_the_finding() -> None:
    file = main_cf("#  maillint: ignore[some-rule]  for the old printer \nname = HERE\n")
    _, (found,) = Ignores([file], [], []).filter([finding(file, "HERE")])
    assert found.suppression is not None
    assert (found.suppression.kind, found.suppression.reason) == ("inSource", "for the old printer")
    assert found.suppression.location is not None
    assert found.suppression.location.start.line == 1


@pytest.mark.parametrize(
    ("text", "misplaced", "is_last"),
    [
        ("a = b\nname = HERE\n# maillint: ignore[some-rule]\n", 6, True),
        ("name = a,\n  HERE\n\n# maillint: ignore[some-rule]\nc = d\n", 0, False),
        ("name = HERE\nc = d\n# maillint: ignore[some-rule]\n", None, True),
        ("name = HERE\n# maillint: ignore[other]\nc = d\n", None, False),
        ("name = HERE\n# maillint: ignore-start[some-rule]\nc = d\n", None, False),
    ],
)
def test_a_comment_below_what_it_is_about(text: str, misplaced: int | None, is_last: bool) -> None:
    file = main_cf(text)
    ignores = Ignores([file], [], [])
    found = finding(file, "HERE")
    assert ignores.filter([found])[0] == [found]
    (ignore,) = ignores.ignores
    assert (ignore.misplaced, ignore.is_last) == (misplaced, is_last)
