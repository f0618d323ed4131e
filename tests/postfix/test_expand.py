"""Expansion: outcomes as observed on the real Postfix, provenance, and what has no end."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillint.postfix.expand import UNKNOWN, Expansion, Raw, compatibility_level, expand
from postfix.expansion_cases import CASES, Case, Refused
from support import needs_postfix, run_postconf

BESIDE = "bar = B\nempty =\nzip = $foo\n"


def expanded(value: str, functions: bool = False, **names: str) -> Expansion:
    texts = {"bar": "B", "empty": "", "zip": "$foo", "foo": value, **names}
    return expand(value, lambda name: Raw(texts[name]) if name in texts else None, functions)


def folded(text: str) -> str:
    return " ".join(text.split())


def ascii_only(text: str) -> str:
    """As postconf logs it: every byte outside of ASCII as ``?``."""
    return "".join(chr(byte) if byte < 128 else "?" for byte in text.encode())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.value)
def test_outcome(case: Case) -> None:
    check(case.outcome, expanded(case.value))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.value)
def test_outcome_in_the_newest_version(case: Case) -> None:
    outcome = expanded(case.value, functions=True)
    if case.value.startswith("${domain_to_ascii{b"):
        # Whether and how it converts depends on the ICU library that Postfix was built with.
        assert outcome.text == UNKNOWN
        assert outcome.reason
    else:
        check(case.newest if case.newest is not None else case.outcome, outcome)


def check(expected: str | Refused, outcome: Expansion) -> None:
    if isinstance(expected, Refused):
        assert ascii_only(outcome.problem) == expected.warning
    else:
        assert (folded(outcome.text), outcome.problem) == (expected, "")


@needs_postfix
def test_the_installed_postfix_agrees() -> None:
    def run(case: Case) -> str | Refused:
        answer = run_postconf("-hx", "foo", main=f"foo = {case.value}\n{BESIDE}")
        if answer.returncode == 0:
            return answer.stdout.rstrip("\n")
        expected = case.outcome
        named = isinstance(expected, Refused) and expected.warning in answer.stderr
        return expected if named else Refused(answer.stderr)

    with ThreadPoolExecutor(16) as threads:  # postconf waits for a second before it refuses
        outcomes = list(threads.map(run, CASES))
    assert outcomes == [case.outcome for case in CASES]


@pytest.mark.parametrize(
    ("value", "part", "origin"),
    [
        ("mail.$bar, x", "mail.", "mail."),
        ("mail.$bar, x", "B", "$bar"),
        ("mail.$bar, x", "mail.B", "mail.$bar"),
        ("mail.$bar, x", ", x", ", x"),
        ("$$a $bar", "$", "$$"),
        ("$$a $bar", "a", "a"),
        ("${bar?{one two}}", "two", "two"),
        ("${empty:{one $bar}}", "B", "$bar"),
        ("a ${outer} b", "2", "${outer}"),
        ("a ${{1} == {1}} b", "true", "${{1} == {1}}"),
        ("a ${{1234} == {1} ? {x} : {y z}} b", "y", "y"),
        ("a ${{1234} == {1} ? {x} : {y z}} b", "b", "b"),
    ],
)
def test_where_a_part_came_from(value: str, part: str, origin: str) -> None:
    result = expanded(value, outer="1 2 $bar")
    start = result.text.index(part)
    first, last = result.original(start, start + len(part))
    assert value[first:last] == origin


def test_where_nothing_came_from() -> None:
    assert expanded("").original(0, 0) == (0, 0)
    assert expanded("$empty").original(0, 0) == (0, 0)


def test_only_the_branch_taken_is_read() -> None:
    assert expanded("${bar?{yes}:{${oh dear}}}").text == "yes"
    assert expanded("${bar:{$foo}}").text == ""


def test_a_value_that_expands_to_nothing_is_not_empty() -> None:
    assert expanded("${outer?set}", outer="$empty").text == "set"


def test_undefined_names_are_noted() -> None:
    result = expanded("$nosuch$bar${other?x}$nosuch")
    assert (result.text, result.undefined) == ("B", ["nosuch", "other"])


def test_unknown_text_stays_unknown() -> None:
    texts = {"host": Raw(UNKNOWN, reason="nobody knows"), "mail": Raw("mail.$host")}
    for value, outcome in [
        ("x $mail y", f"x mail.{UNKNOWN} y"),
        ("${host?a}", UNKNOWN),
        ("${mail?a}", "a"),
        ("${{$host} == {a} ? {b} : {c}}", UNKNOWN),
        ("${{$host} == {a}}", UNKNOWN),
    ]:
        result = expand(value, texts.get)
        assert result.text == outcome
        assert result.reason == ("nobody knows" if UNKNOWN in outcome else "")


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("3", (3, 0, 0)),
        ("3.6", (3, 6, 0)),
        ("3.6.1", (3, 6, 1)),
        ("3.1023.1023", (3, 1023, 1023)),
        ("+3. 6", (3, 6, 0)),
        ("3.1024", None),
        ("3" * 10_000, None),
        ("0" * 10_000 + "3", (3, 0, 0)),
        ("3.6.1.2", None),
        ("3.", None),
        ("-1", None),
        ("", None),
        ("3.6x", None),
    ],
)
def test_compatibility_level(text: str, level: tuple[int, ...] | None) -> None:
    assert compatibility_level(text) == level


def test_numbers_of_any_length() -> None:
    assert expanded("${{" + "0" * 10_000 + "1} == {1}}").text == "true"
    assert "bad conversion" in expanded("${{" + "9" * 10_000 + "} == {1}}").problem


def test_nesting_ends_where_postfix_ends_it() -> None:
    def chain(length: int) -> Expansion:
        texts = {f"n{i}": Raw(f"$n{i + 1}") for i in range(length)} | {f"n{length}": Raw("end")}
        return expand("$n0", texts.get)

    assert chain(98).problem == ""
    assert "unreasonable macro call nesting" in chain(200).problem


@needs_postfix
@pytest.mark.parametrize("length", [99, 100])
def test_the_installed_postfix_nests_as_deep(length: int) -> None:
    names = [f"n{i} = $n{i + 1}" for i in range(length)] + [f"n{length} = end"]
    run = run_postconf("-hx", "foo", main="\n".join(["foo = $n0", "zip = $foo", *names, ""]))
    texts = {name: Raw(value) for name, value in (line.split(" = ") for line in names)}
    result = expand("$n0", texts.get)
    assert (run.returncode == 0) == (result.problem == "") == (length == 99)


@pytest.mark.parametrize(
    "texts",
    [
        {f"n{i}": f"$n{i + 1}$n{i + 1}" for i in range(99)} | {"n99": "x"},
        {"n0": "$n1 $n1 $n1", "n1": "x" * 3_000_000},
        {"n0": "${{$n0} == {a}}"},
        {"n0": "${{${{$n0} == {a}}} == {b}}${{$n0} == {a}}"},
        {"n0": "${" * 10_000},
        {"n0": "${n0?{" * 500 + "}}" * 500},
        {"n0": "${{" * 500 + "} == {}}" * 500},
    ],
    ids=["doubling", "large", "endless-comparison", "endless-comparisons", "open", "deep", "deep-comparison"],
)
def test_what_has_no_end_is_a_problem(texts: dict[str, str]) -> None:
    result = expand("$n0", lambda name: Raw(texts[name]) if name in texts else None)
    assert result.problem
    assert len(result.text) < 10_000_000


@given(st.text(alphabet="ab$(){}?:=<>! 1._\n", max_size=60))
def test_any_text_has_an_outcome(value: str) -> None:
    result = expanded(value)
    for start in range(len(result.text)):
        first, last = result.original(start, start + 1)
        assert 0 <= first < last <= len(value)
