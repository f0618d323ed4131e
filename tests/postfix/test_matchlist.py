"""Match lists are read as Postfix reads them; networks in them as cidr_match(3) does."""

import os
import socket
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillint.postfix.configuration import Configuration
from maillint.postfix.matchlist import (
    COMMENT,
    FILE,
    NOTHING,
    OPEN,
    PLAIN,
    TABLE,
    address_problem,
    is_ipv6_without_brackets,
    never_matches,
    packed,
    patterns,
    printed,
)
from maillint.postfix.version import Version
from maillint.syntax.main_cf import parse_main_cf
from maillint.syntax.source import Source
from support import needs_postfix

V37 = Version("3.7.11")


def read(value: str, version: Version = V37) -> list[tuple[str, str, bool]]:
    config = Configuration(parse_main_cf(Source("main.cf", f"mynetworks = {value}\n")), None, version=version)
    found = patterns(config.main_view.value("mynetworks"), version)
    for pattern in found:
        assert pattern.item.text[pattern.offset :] == pattern.text
    return [(pattern.kind, pattern.text, pattern.negated) for pattern in found]


def test_kinds() -> None:
    assert read("!10.0.0.1, 10.0.0.0/8 !!/etc/nets hash:/x [::1] ::1 @X@ ! #x y") == [
        (PLAIN, "10.0.0.1", True),
        (PLAIN, "10.0.0.0/8", False),
        (FILE, "/etc/nets", False),
        (TABLE, "hash:/x", False),
        (PLAIN, "[::1]", False),
        (TABLE, "::1", False),
        (OPEN, "…", False),
        (NOTHING, "", True),
        (COMMENT, "#x", False),
    ]


def test_groups_and_comments_came_later() -> None:
    assert read("inline:{a=b, c=d}") == [(TABLE, "inline:{a=b, c=d}", False)]
    assert len(read("inline:{a=b, c=d}", Version("2.11"))) == 2
    assert [kind for kind, _, _ in read("#x y", Version("2.7"))] == [PLAIN, PLAIN]


def test_table_known_in_part() -> None:
    assert read("hash:@X@/y !@X@:/y")[0] == (TABLE, "hash:…/y", False)
    assert read("@X@:/y") == [(OPEN, "…:/y", False)]


NETWORK = st.text(alphabet="0123456789.:/[]abf", min_size=1, max_size=12)
ADDRESS = st.one_of(
    st.ip_addresses(v=4).map(str),
    st.ip_addresses(v=6).map(str),
    st.ip_addresses(v=6).map(lambda address: f"[{address}]"),
    st.sampled_from(["10.0.0.0", "[::]", "[2001:db8::]", "[::ffff:0.0.0.0]", "127", "10.1", "010.0.0.0"]),
)
PATTERN = st.one_of(
    NETWORK,
    st.builds("{}/{}".format, ADDRESS, st.integers(0, 140)),
    st.builds("[{}/{}]".format, st.ip_addresses(v=6), st.integers(0, 140)),
    st.builds("{}/{}".format, ADDRESS, st.sampled_from(["", "255.0.0.0", "08", "0x8", "8/8", "99999999999"])),
    ADDRESS,
).filter(lambda pattern: ":" in pattern or "/" in pattern)


@needs_postfix
@settings(max_examples=25, deadline=None)
@given(st.lists(PATTERN, min_size=1, max_size=60))
def test_postfix_says_so(candidates: list[str]) -> None:
    candidates = [text for text in candidates if not text.strip("0123456789.:/[]abcdefABCDEF")]
    with tempfile.TemporaryDirectory() as directory:
        table = Path(directory, "nets")
        table.write_text("".join(f"{text} OK\n" for text in candidates))
        main = Path(directory, "main.cf")
        main.write_text("")
        for path in (main, table):
            os.utime(path, (0, 0))  # Postfix reads a file again and again until it is some seconds old.
        answer = subprocess.run(
            ["/usr/sbin/postmap", "-c", directory, "-q", "x", f"cidr:{table}"],
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
    said = dict.fromkeys(range(1, len(candidates) + 1), "")
    for line in answer.stderr.splitlines():
        number, _, why = line.partition(", line ")[2].partition(": ")
        said[int(number)] = why.removesuffix(": skipping this rule")
    for number, text in enumerate(candidates, 1):
        problem = address_problem(text)
        assert (text, problem.said if problem else "") == (text, said[number])


@pytest.mark.parametrize(
    ("pattern", "instead"),
    [
        ("10.1.2.3/8", "10.0.0.0/8"),
        ("[2001:db8::1]/32", "[2001:db8::]/32"),
        ("[2001:db8::1/32]", "[2001:db8::]/32"),
        ("10.0.0.0/08", None),
        ("0.0.0.0/0", None),
        ("mail.example.com", None),
        ("10.0.0.0/8;", None),
        ("10.0.0.1", None),
    ],
)
def test_network_that_the_mask_leaves(pattern: str, instead: str | None) -> None:
    problem = address_problem(pattern)
    assert (problem.instead if problem else None) == instead


@pytest.mark.parametrize(
    "pattern",
    ["10", "10.0.0.1", "10.0.0.0/8", "3com.example", "[::1]", ".example.com", "1.2.3.4.example.com", ""],
)
def test_may_match(pattern: str) -> None:
    assert not never_matches(pattern)


@pytest.mark.parametrize(
    "pattern",
    ["10.0.0", "10.0.0.", "10.0.0.*", "10.0.0.1-9", "10.0.0.0/8;", "127.1", "[fe80::1%eth0]", "1.2.3.400"],
)
def test_never_matches(pattern: str) -> None:
    assert never_matches(pattern)


@pytest.mark.parametrize(
    ("pattern", "is_one"),
    [("::1", True), ("fe80::/10", True), ("2001:db8::1", True), ("fe80::/x", False), ("hash:/x", False)],
)
def test_ipv6_without_brackets(pattern: str, is_one: bool) -> None:
    assert is_ipv6_without_brackets(pattern) == is_one


@settings(deadline=None)
@given(st.one_of(st.text(alphabet="0123456789.", max_size=16), st.text(alphabet="01af:.", max_size=24)))
def test_addresses_as_inet_pton_reads_them(text: str) -> None:
    try:
        expected = socket.inet_pton(socket.AF_INET6 if ":" in text else socket.AF_INET, text)
    except OSError:
        expected = None
    assert packed(text) == expected


@settings(deadline=None)
@given(st.lists(st.sampled_from([b"\0\0", b"\0\0", b"\xff\xff", b"\0\1", b"\x20\1"]), min_size=8, max_size=8))
def test_addresses_as_inet_ntop_writes_them(groups: list[bytes]) -> None:
    address = b"".join(groups)
    assert printed(address) == socket.inet_ntop(socket.AF_INET6, address)
    assert packed(printed(address)) == address
