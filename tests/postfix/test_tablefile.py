"""Tables are read as postmap, postalias and the daemons read them, in pieces, and never run."""

import os
import random
import time
from pathlib import Path

import pytest

from maillint.postfix import tablefile
from maillint.postfix.pattern_syntax import SWALLOWED_RULE, Patterns
from maillint.postfix.regex_syntax import Flavour, inspect
from maillint.postfix.table_results import Addresses
from maillint.postfix.table_syntax import NETWORK_KEY, PATTERN_KEY, Cidr, Postalias, Postmap
from maillint.postfix.tablefile import DUPLICATE, INDENTED_START, LIMIT, TableFile, read
from postfix.table_oracle import complaints
from support import needs_postfix

KEYS = [
    "a", "b@c", "root", '"x y"', '"x', "x:", "\\", "#", "# c", "", ":", "@", "(c)", "(", "[1]", "[",
    "10.0.0.0/8", "10.0.0.1/8", "1.2.3.4", "::1", "::1/64", "!", "if", "endif", "IF 1.2.3.4", "endif x",
    "if !10.0.0.0/8", "%", ",", "é", "\r", "\v", '"', 'a"b"c', "1.2.3.4/33", "[::1]", "[::1]/128",
    "[1.2.3.4/24]", "OK", '\\"',
]  # fmt: skip
PATTERNS = [
    "/", "/a/", "/(/", "/a/q", "!/a/", "!", "if", "if /a/", "endif", "/(a)/", "$1", "$2", "$", "$$", "${1}",
    "$(1)", "${1", "$x", "/a/i", "/a/!/b/", "a", "/[/", "OK", "x", "/a\\/b/", "|a|", "/a", "\\", "#",
    "/(a(b))/", "ENDIF", "IF", "/a*/", "$0", "/a/m", "endif x", "if /a/ x", "/(?:a)/", "/a|*/", "/[a-c/",
    "/a)/", "/[z-a]/", "/a{2,1}/", "/[[:foo:]]/",
]  # fmt: skip


@pytest.fixture(autouse=True, params=[0, tablefile.SMALL], ids=["by-pattern", "by-line"])
def small(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read alike whether a pattern passes over them or each line is taken apart."""
    monkeypatch.setattr(tablefile, "SMALL", request.param)


def syntax(reader: str) -> Postmap | Postalias | Cidr | Patterns:
    if reader in ("regexp", "pcre"):
        return Patterns(reader, (), False)
    return {"postmap": Postmap, "texthash": Postmap, "postalias": Postalias, "cidr": Cidr}[reader](())


def check(path: Path, text: bytes, reader: str = "postmap", **options: bool) -> TableFile:
    path.write_bytes(text)
    return read(str(path), syntax(reader), **options)


def generated(chance: random.Random, reader: str) -> bytes:
    words = PATTERNS if reader in ("regexp", "pcre") else KEYS
    lines = (
        "".join(chance.choice(words) + chance.choice(("", " ", "\t")) for _ in range(chance.randint(1, 4)))
        for _ in range(8)
    )
    return "\n".join(lines).encode() + chance.choice((b"", b"\n"))


def first_lines(text: bytes, numbers: set[int]) -> set[int]:
    """For each line the first of the logical line, or of the comments before, that it belongs to."""
    lines = text.split(b"\n")

    def continues(line: bytes) -> bool:
        return not line.strip() or line.lstrip().startswith(b"#") or line[:1].isspace()

    return {
        max([at for at in range(1, number + 1) if not continues(lines[at - 1])] or [1]) for number in numbers
    }


@needs_postfix
@pytest.mark.parametrize("reader", ["postmap", "postalias", "texthash", "cidr", "regexp", "pcre"])
def test_the_real_programs_complain_of_the_same_lines(reader: str, tmp_path: Path) -> None:
    chance = random.Random(reader)
    ours_alone = {INDENTED_START, NETWORK_KEY, PATTERN_KEY, SWALLOWED_RULE}
    if reader in ("postmap", "postalias"):
        ours_alone.add(DUPLICATE)  # Said with the name of the index, without a line.
    some = 0
    for _ in range(60):
        text = generated(chance, reader)
        theirs = first_lines(text, {line for line, _ in complaints(tmp_path, text, reader)})
        found = read(str(tmp_path / "table"), syntax(reader)).found
        ours = first_lines(text, {each.start.line for each in found if each.problem.kind not in ours_alone})
        unclear = first_lines(
            text, {each.start.line for each in found if each.problem.kind == SWALLOWED_RULE}
        )
        assert ours - unclear <= theirs, (text.decode(), found)
        # What a library finds in an expression is not all to be seen without it.
        if reader not in ("regexp", "pcre"):
            assert theirs <= ours, (text.decode(), found)
        some += len(theirs)
    assert some > 100


def test_entries_may_go_on_across_the_pieces_that_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = b"".join(
        b"key%d value\n  # a comment\n  more\n\nkey%d\n" % (number, number) for number in range(40)
    )
    whole = check(tmp_path / "table", text).found
    assert len(whole) == 40
    for size in (1, 2, 7, 64):
        monkeypatch.setattr(tablefile, "_PIECE", size)
        assert check(tmp_path / "table", text).found == whole


def test_a_key_is_found_again_far_away_and_in_another_case(tmp_path: Path) -> None:
    text = b"".join(b"user%d@example.com x\n" % number for number in range(50_000))
    [found] = check(tmp_path / "table", b"User7@Example.COM y\n" + text).found
    assert (found.problem.kind, found.start.line, found.problem.argument) == (DUPLICATE, 9, "1")


def test_only_lines_with_a_problem_are_kept(tmp_path: Path) -> None:
    table = check(tmp_path / "table", b"fine x\n" * 1 + b"alone\nother x\n")
    assert table.source.text == "alone"
    assert table.location(table.found[0]).start.line == 2


def test_there_is_an_end_of_problems(tmp_path: Path) -> None:
    table = check(tmp_path / "table", b"".join(b"alone%d\n" % number for number in range(LIMIT * 3)))
    assert (len(table.found), table.is_cut) == (LIMIT, True)


def test_of_passwords_nothing_is_kept(tmp_path: Path) -> None:
    table = check(tmp_path / "table", b"host:me:hunter2\nhost me:hunter2\nhost me:hunter3\n", secret=True)
    assert len(table.found) == 2
    assert "hunter" not in table.source.text + repr(table.found)


@pytest.mark.parametrize("kind", ["folder", "fifo", "nothing"])
def test_what_cannot_be_read_says_why(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "table"
    if kind == "folder":
        path.mkdir()
    elif kind == "fifo":
        os.mkfifo(path)
    assert read(str(path), syntax("postmap")).error


@pytest.mark.parametrize(
    "pattern",
    [
        "(" * 100_000,
        "(a+)+" * 20_000 + "$",
        "[" * 100_000,
        "(a|a)*" * 10_000 + "(",
        "\\" * 99_999,
        "a{" * 50_000,
    ],
)
def test_hostile_patterns_are_only_looked_through(pattern: str, tmp_path: Path) -> None:
    begin = time.perf_counter()
    for reader in ("regexp", "pcre"):
        inspect(pattern, Flavour(reader))
        check(tmp_path / "table", b"/" + pattern.encode() + b"/ OK\n" * 3, reader)
    assert time.perf_counter() - begin < 3


@pytest.mark.parametrize(
    "text", [b"\0", b"\0 x\n", b"a\0b c\n", b"\xff\n", b"\n" * 9, b"", b"  ", b"#", b"\r\n", b" a\n b\n"]
)
@pytest.mark.parametrize("reader", ["postmap", "postalias", "cidr", "regexp", "pcre"])
def test_any_bytes_are_read(text: bytes, reader: str, tmp_path: Path) -> None:
    assert check(tmp_path / "table", text, reader).error == ""


def test_a_hash_in_quotes_begins_no_comment() -> None:
    assert Addresses().problem("key", '"|program # 1"') is None
    assert Addresses().problem("key", "a@b # c") is not None
