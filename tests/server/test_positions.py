"""Columns in the units that client and server agree on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillint.server.positions import ENCODINGS, UTF8, UTF16, UTF32, Positions
from maillint.syntax.source import Source


@pytest.mark.parametrize(("encoding", "column"), [(UTF8, 9), (UTF16, 6), (UTF32, 5)])
def test_a_column_counts_units(encoding: str, column: int) -> None:
    source = Source("main.cf", "first\naä😀 x = 1\n")
    positions = Positions(encoding)
    offset = source.text.index("x")
    assert positions.outside(source, source.position(offset)) == (1, column - 1)
    assert positions.offset(source, 1, column - 1) == offset


@given(st.text(alphabet="a=ä\n\r 😀\u2028\x0b"), st.sampled_from(ENCODINGS), st.data())
def test_there_and_back(text: str, encoding: str, data: st.DataObject) -> None:
    source = Source("main.cf", text)
    offset = data.draw(st.integers(0, len(text)))
    positions = Positions(encoding)
    assert positions.offset(source, *positions.outside(source, source.position(offset))) == offset


@given(st.text(), st.sampled_from(ENCODINGS), st.integers(-9, 99), st.integers(-9, 10**9))
def test_any_place_is_somewhere(text: str, encoding: str, line: int, column: int) -> None:
    assert 0 <= Positions(encoding).offset(Source("main.cf", text), line, column) <= len(text)


def test_a_place_inside_of_a_character_is_before_it() -> None:
    assert Positions(UTF16).offset(Source("main.cf", "😀"), 0, 1) == 0
