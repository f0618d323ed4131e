"""Aliases that lead back to themselves."""

import pytest

from maillint.postfix.alias_loops import loops, loops_in_text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: b\nb: a\n", [("a", "b")]),
        ("A: B\nb: C, d\nc: x, a\n", [("a", "b", "c")]),
        ("x: a\na: b\nb: a\n", [("a", "b")]),
        ("a: b\nb: b, a\n", []),
        ("a: a\n", []),
        ("a: \\b\nb: a\n", []),
        ("a: b@example.com\nb: a\n", []),
        ("# a: b\nb: a\na: c\n", []),
        ("a: c\na: b\nb: a\n", []),
        ("a: b\nb: c\nc: b\nd: e\ne: d\n", [("b", "c"), ("d", "e")]),
    ],
)
def test_loops_of_local_aliases(text: str, expected: list[tuple[str, ...]]) -> None:
    assert list(loops_in_text(text, local=True).values()) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a@x b@x\nb@x a@x\n", [("a@x", "b@x")]),
        ("a@x  b@x c@x\nc@x\ta@x\n", [("a@x", "c@x")]),
        ("a b\nb a\n", []),
        ("a@x b\nb@x a\n", []),
        ("@x b@x\nb@x a@x\n", []),
    ],
)
def test_loops_of_virtual_aliases(text: str, expected: list[tuple[str, ...]]) -> None:
    assert list(loops_in_text(text, local=False).values()) == expected


def test_long_chains_are_followed_in_little_time() -> None:
    size = 200_000
    chain = [(f"a{number}", f"a{number + 1}, a{number // 2}x") for number in range(size)]
    assert loops(chain, local=True) == {}
    [loop] = loops([*chain, (f"a{size}", "a0")], local=True).values()
    assert len(loop) == size + 1
