"""What a run was told is written and read again without a loss, and answers the same."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dns.rdata
import dns.rdataclass
import dns.rdatatype
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.dns_server import FaultyServer, nsd
from maillint.dns import answer
from maillint.dns.answer import ANSWER, STATUSES, UNASKED, Answer, Lookup, Question
from maillint.dns.resolver import Resolver
from maillint.dns.tape import Recorder, Replay, TapeError
from maillint.dns.zone import Zone, ZoneFile, ZoneFiles
from support import needs_nsd

ROOT_ZONE = r"""
$TTL 60
.                       SOA   ns.bakery.net. admin.bakery.net. 1 3600 600 86400 60
.                       NS    ns.bakery.net.
ns.bakery.net.          A     127.0.0.1
bakery.net.             A     192.0.2.2
bakery.net.             A     192.0.2.1
bakery.net.             AAAA  2001:db8::1
bakery.net.             MX    20 b.bakery.net.
bakery.net.             MX    10 a.bakery.net.
split.bakery.net.       TXT   "v=spf1 ip4:192.0.2.1" " -all" ""
bytes.bakery.net.       TXT   "caf\233 \195\169 \"quoted\" \\ \000\127" "é"
two.bakery.net.         TXT   "one"
two.bakery.net.         TXT   "another"
alias.bakery.net.       CNAME alias2.bakery.net.
alias2.bakery.net.      CNAME split.bakery.net.
tonothing.bakery.net.   CNAME nothing.bakery.net.
_25._tcp.bakery.net.    TLSA  3 1 1 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff
strange.bakery.net.     TYPE65280 \# 3 abcdef
"""
QUESTIONS = [
    ("bakery.net", "A"),
    ("BAKERY.net.", "aaaa"),
    ("bakery.net", "MX"),
    ("bakery.net", "TXT"),
    ("split.bakery.net", "TXT"),
    ("bytes.bakery.net", "TXT"),
    ("two.bakery.net", "TXT"),
    ("alias.bakery.net", "TXT"),
    ("tonothing.bakery.net", "TXT"),
    ("nothing.bakery.net", "TXT"),
    ("_25._tcp.bakery.net", "TLSA"),
    ("strange.bakery.net", "TYPE65280"),
    ("a..b", "TXT"),
    ("bäckerei.net", "TXT"),
]


def shown(found: Answer) -> tuple[object, ...]:
    return tuple(getattr(found, name) for name in Answer.__slots__)


def recorded(source: Lookup, *questions: tuple[str, str]) -> tuple[list[Answer], str]:
    recorder = Recorder(source)
    return [recorder.ask(*question) for question in questions], recorder.text()


def assert_same(answers: list[Answer], text: str, *questions: tuple[str, str]) -> None:
    replay = Replay(text, "record.json")
    assert [shown(replay.ask(*question)) for question in questions] == list(map(shown, answers))
    assert recorded(replay, *questions)[1] == text


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with nsd({".": ROOT_ZONE}) as address:
        yield address


@needs_nsd
def test_what_a_real_server_says_comes_back(server: str) -> None:
    answers, text = recorded(Resolver(server), *QUESTIONS)
    assert {found.status for found in answers} == {
        answer.ANSWER, answer.NODATA, answer.NXDOMAIN, answer.BAD_NAME,
    }  # fmt: skip
    assert_same(answers, text, *QUESTIONS)
    assert text.isascii()


@needs_nsd
def test_the_same_dns_gives_the_same_file(server: str) -> None:
    texts = {recorded(Resolver(server), *questions)[1] for questions in (QUESTIONS, QUESTIONS[::-1])}
    assert len(texts) == 1


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("servfail", answer.SERVFAIL),
        ("refused", answer.REFUSED),
        ("notimp", answer.BAD_REPLY),
        ("drop", answer.TIMEOUT),
        ("garbage", answer.BAD_REPLY),
        ("ok", answer.ANSWER),
    ],
)
def test_failures_come_back(kind: str, status: str) -> None:
    question = (f"{kind}.bakery.net", "TXT")
    with FaultyServer() as server:
        answers, text = recorded(Resolver(server.address, timeout=0.1, lifetime=0.2), question)
    assert answers[0].status == status
    assert_same(answers, text, question)


def test_what_lies_and_what_is_verified_comes_back() -> None:
    with FaultyServer(always="lie") as server:
        answers, text = recorded(Resolver(server.address, timeout=0.5), ("bakery.net", "A"))
    assert answers[0].status == answer.UNTRUSTED
    assert_same(answers, text, ("bakery.net", "A"))
    signed = Zone('net. DNSKEY 257 3 13 AAAA\nbakery.net. TXT "x"\n')
    answers, text = recorded(signed, ("bakery.net", "TXT"), ("bakery.org", "TXT"))
    assert [found.secure for found in answers] == [True, False]
    assert_same(answers, text, ("bakery.net", "TXT"), ("bakery.org", "TXT"))


_texts = st.text(st.characters(codec="utf-8") | st.characters(min_codepoint=0xDC80, max_codepoint=0xDCFF))


@given(
    st.sampled_from(sorted(STATUSES)),
    st.lists(st.lists(st.binary(max_size=255), min_size=1, max_size=4), min_size=1, max_size=3),
    st.lists(_texts, max_size=3),
    _texts,
    _texts,
    st.booleans(),
)
def test_any_answer_comes_back(
    status: str, strings: list[list[bytes]], chain: list[str], name: str, detail: str, secure: bool
) -> None:
    txt = dns.rdata.get_rdata_class(dns.rdataclass.IN, dns.rdatatype.TXT)
    records = tuple(txt(dns.rdataclass.IN, dns.rdatatype.TXT, part) for part in strings)
    said = Answer(
        Question(name.removesuffix(".").lower(), "TXT"),
        status,
        records if status == ANSWER else (),
        chain=tuple(chain),
        server=detail,
        detail=detail,
        secure=secure,
    )

    class One:
        def is_public(self, name: str) -> bool:
            return True

        def ask(self, name: str, rdtype: str) -> Answer:
            return said

    assert_same([said], recorded(One(), (name, "TXT"))[1], (name, "TXT"))


def test_what_was_not_asked_stays_open() -> None:
    _, text = recorded(Zone(""), ("bakery.net", "TXT"))
    found = Replay(text, "record.json").ask("bakery.net", "MX")
    assert (found.status, found.certain) == (UNASKED, False)
    assert "record.json" in found.outcome


def test_whose_names_are_public_comes_back() -> None:
    source = ZoneFiles([ZoneFile("bakery.net. TXT x\n")], Resolver("127.0.0.1"))
    recorder = Recorder(source)
    names = ["bakery.net", "example.com"]
    assert [recorder.is_public(name) for name in names] == [False, True]
    assert [Replay(recorder.text(), "").is_public(name) for name in names] == [False, True]


GOOD: dict[str, Any] = {"name": "a.net", "type": "TXT", "status": "answer", "records": ['"x"']}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("[]", "no `answers`"),
        ('{"version": 1}', "no `answers`"),
        ('{"version": 2, "answers": []}', "the version is 2, not 1"),
        ('{"version": 1, "answers": [], "private": [1]}', "`private`"),
        ({}, "answer 1: there is no 'name'"),
        ([], "answer 1: must be an object"),
        (GOOD | {"name": 1}, "`name` must be a string"),
        (GOOD | {"status": "fine"}, "no status 'fine'"),
        (GOOD | {"records": ["x y \\300"]}, "answer 1"),
        (GOOD | {"records": [1]}, "list of strings"),
        (GOOD | {"chain": "a.net"}, "list of strings"),
        (GOOD | {"secure": 1}, "true or false"),
        (GOOD | {"type": "TXTT"}, "answer 1"),
        (GOOD | {"records": []}, "do not go together"),
        (GOOD | {"status": "nxdomain"}, "do not go together"),
    ],
)
def test_what_is_no_record_of_a_run(tmp_path: Path, content: object, words: str) -> None:
    path = tmp_path / "record.json"
    path.write_text(content if isinstance(content, str) else json.dumps({"version": 1, "answers": [content]}))
    with pytest.raises(TapeError) as error:
        Replay.load(str(path))
    assert words in str(error.value)
    assert str(error.value).startswith(f"{path}: ")
    assert "--dns-record" in str(error.value)
