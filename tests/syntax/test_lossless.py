"""Text -> tree -> text gives the same bytes, for real files and for any bytes; every span is true."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillint.syntax.main_cf import parse_main_cf
from maillint.syntax.master_cf import parse_master_cf
from maillint.syntax.source import LogicalText, Source
from maillint.syntax.tree import MainCf, MasterCf, Service, Setting
from support import corpus_files, needs_corpus

TELLING = st.sampled_from(
    [
        b"\n",
        b"\n",
        b" ",
        b"\t",
        b"\r",
        b"\v",
        b"\f",
        b"#",
        b"=",
        b"\0",
        b"\\",
        b"{",
        b"}",
        b"$",
        b"a",
        b"-o",
        b"\xff",
    ]
)
CONFIGURATIONS = st.lists(TELLING, max_size=60).map(b"".join) | st.binary(max_size=80)
ENTRIES = st.lists(TELLING, max_size=40).map(lambda pieces: b"s unix - - - - - x " + b"".join(pieces))


@needs_corpus
@pytest.mark.parametrize("kind", ["main.cf", "master.cf"])
def test_every_real_file(kind: str) -> None:
    parse = parse_main_cf if kind == "main.cf" else parse_master_cf
    read = 0
    for file in corpus_files(kind, f"{kind} template"):
        data = file.path.read_bytes()
        check(parse(Source.from_bytes(str(file), data)), data)
        read += 1
    assert read > 100


@given(CONFIGURATIONS)
def test_any_main_cf(data: bytes) -> None:
    check(parse_main_cf(Source.from_bytes("main.cf", data)), data)


@given(CONFIGURATIONS | ENTRIES)
def test_any_master_cf(data: bytes) -> None:
    check(parse_master_cf(Source.from_bytes("master.cf", data)), data)


def check(tree: MainCf | MasterCf, data: bytes) -> None:
    assert tree.source.to_bytes() == data
    assert "".join(node.location.text for node in tree.nodes) == tree.source.text
    for node in tree.nodes:
        assert node.location.text
        assert node.location.start.column == 1
        if isinstance(node, Setting):
            check_setting(node)
        elif isinstance(node, Service):
            for word in (*node.fields, *node.arguments):
                check_logical_text(word)
                assert word.text
            for option in node.options:
                check_setting(option)
                assert option.service is node
            for malformed in node.malformed_options:
                check_logical_text(malformed)


def check_setting(setting: Setting) -> None:
    if "\n" not in setting.name_location.text:  # only VT or FF can continue a line within a word
        assert setting.name_location.text == setting.name
    assert re.fullmatch(r"[^ \t\v\f\r\n=\0]+", setting.name)
    assert setting.value.text == setting.value.text.strip(" \t\v\f\r")
    assert "\n" not in setting.value.text
    assert "\0" not in setting.value.text
    check_logical_text(setting.value)
    if setting.cut:
        assert setting.source.text[setting.cut.start - 1] == "\0"


def check_logical_text(text: LogicalText) -> None:
    """Each character stands where it says; what is between is newlines and ignored lines."""
    for index, character in enumerate(text.text[:200]):
        assert text.location(index, index + 1).text == character
    if "\n" not in text.location().text:
        assert text.location().text == text.text
