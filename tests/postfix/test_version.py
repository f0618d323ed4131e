"""Versions: what is accepted, their order, and what a series has."""

import pytest

from maillint.postfix.version import NEWEST, Version, implied_by_compatibility_level


@pytest.mark.parametrize(
    "text", ["3.7", "3.7.11", "2.10", "3.10-RC1", "3.12-20260821", "3.9.0-nonprod", " 3.7 "]
)
def test_accepted(text: str) -> None:
    assert str(Version(text)) == text.strip()


@pytest.mark.parametrize(
    "text",
    ["", "3", "3.7.11.2", "v3.7", "3.x", "3..7", "3.7.", "-3.7", "3.7 11", "٣.٧", "3.99999"],
)
def test_refused_with_a_sentence_that_shows_how(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a Postfix version; write it like 3\.7 or 3\.7\.11"):
        Version(text)


def test_order_is_numeric_and_not_that_of_text() -> None:
    ascending = ["1.1", "2.9.15", "2.10.0", "2.11", "3.0.0", "3.0.1", "3.9", "3.10.4", "3.10.10", "3.11"]
    assert sorted(map(Version, reversed(ascending))) == [Version(text) for text in ascending]


def test_equal_versions_are_one_key() -> None:
    assert Version("3.7") == Version("3.7.0") == Version("3.7.0-RC1")
    assert len({Version("3.7"), Version("3.7.0")}) == 1
    assert Version("3.7") != "3.7"


@pytest.mark.parametrize(
    ("version", "release", "expected"),
    [
        ("3.7.11", "3.7.11", True),
        ("3.7.10", "3.7.11", False),
        ("3.8", "3.7.11", True),
        ("3.6.20", "3.7", False),
        ("3.7", "3.7", True),
        ("3.7", "3.7.22", True),  # a series stands for its newest patch
        ("3.7", "3.8", False),
        ("3.10", "3.9", True),
        ("3.7-RC2", "3.7", True),
        ("3.7-RC2", "3.7.1", False),  # a release candidate does not
    ],
)
def test_has(version: str, release: str, expected: bool) -> None:
    assert Version(version).has(Version(release)) is expected


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ("0", "3.0"),
        ("2", "3.0"),
        (" 2 ", "3.0"),
        ("3.6", "3.6"),
        ("3.11", "3.11"),
        ("3.0", "3.6"),  # a level with a dot is itself something that 3.6 brought
        ("", None),
        ("$level", None),
        ("3.6.1.1", None),
        ("latest", None),
    ],
)
def test_compatibility_level(level: str, expected: str | None) -> None:
    implied = implied_by_compatibility_level(level)
    assert (str(implied) if implied else None) == expected


def test_newest_is_a_stable_series() -> None:
    assert len(NEWEST.numbers) == 2
