"""Zone files that answer before somebody else: whole zones, single records, and what is wrong with a file."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.dns_server import nsd
from maillint.dns.answer import ANSWER, BAD_REPLY, NODATA, NXDOMAIN, UNASKED, Answer, Question
from maillint.dns.resolver import Resolver
from maillint.dns.zone import LARGEST_RANGE, Nobody, Zone, ZoneFile, ZoneFileError, ZoneFiles
from support import needs_nsd

BAKERY = r"""
$ORIGIN bakery.net.
$TTL 60
@        SOA   ns admin 1 3600 600 86400 60
         NS    ns
ns       A     127.0.0.1
@        TXT   "v=spf1" " -all"
         MX    10 mail
mail     A     192.0.2.1
www      CNAME mail
away     CNAME mail.elsewhere.org.
gone     CNAME nothing
a.b.c    TXT   "deep"
*.wild   TXT   "wild"
has.wild A     192.0.2.2
sub      NS    ns.elsewhere.org.
www.sub  A     192.0.2.3
raw      TXT   "caf\233 \195\169"
old      DNAME new
x.new    TXT   "renamed"
"""
"""A zone that delegates one of its names, and has an alias outside."""

NAMES = [
    *(
        "",
        "ns.",
        "mail.",
        "www.",
        "gone.",
        "b.c.",
        "a.b.c.",
        "nothing.",
        "x.nothing.",
        "raw.",
        "x.old.",
        "old.",
    ),
    *("wild.", "x.wild.", "x.y.wild.", "has.wild.", "x.has.wild."),
]
OUTSIDE = "asked elsewhere"


class Elsewhere:
    """Says that it was asked, and has one alias that leads back."""

    def is_public(self, name: str) -> bool:
        return True

    def ask(self, name: str, rdtype: str) -> Answer:
        question = Question(name, rdtype)
        if name == "back.elsewhere.org":
            return Answer(question, ANSWER, chain=("hop.elsewhere.org", "mail.bakery.net", "far.org"))
        if name == "round.elsewhere.org":
            return Answer(question, NODATA, chain=("round.bakery.net",))
        return Answer(question, UNASKED, detail=OUTSIDE)


@pytest.fixture
def files() -> ZoneFiles:
    return ZoneFiles([ZoneFile(BAKERY, name="bakery.zone")], Elsewhere())


@pytest.fixture(scope="module")
def real() -> Iterator[Resolver]:
    with nsd({"bakery.net": BAKERY}) as address:
        yield Resolver(address)


@needs_nsd
@pytest.mark.parametrize("rdtype", ["TXT", "A", "MX"])
@pytest.mark.parametrize("name", NAMES)
def test_inside_the_zone_it_answers_as_the_real_server(
    real: Resolver, files: ZoneFiles, name: str, rdtype: str
) -> None:
    theirs, ours = (server.ask(f"{name}bakery.net", rdtype) for server in (real, files))
    assert (ours.status, sorted(ours.records), ours.texts, ours.chain) == (
        theirs.status,
        sorted(theirs.records),
        theirs.texts,
        theirs.chain,
    )
    assert (ours.server, ours.certain) == ("bakery.zone", True)


@pytest.mark.parametrize(
    "name", ["elsewhere.org", "net", "xbakery.net", "sub.bakery.net", "www.sub.bakery.net"]
)
def test_outside_and_below_a_delegation_somebody_else_is_asked(files: ZoneFiles, name: str) -> None:
    assert files.ask(name, "A").detail == OUTSIDE
    assert files.is_public(name)


def test_names_in_the_zone_belong_to_somebody(files: ZoneFiles) -> None:
    assert not files.is_public("bakery.net")
    assert not files.is_public("nothing.bakery.net")
    assert files.is_public("a..b")


def test_aliases_lead_out_and_in(files: ZoneFiles) -> None:
    out = files.ask("away.bakery.net", "A")
    assert (out.question.name, out.detail, out.chain) == ("away.bakery.net", OUTSIDE, ("mail.elsewhere.org",))
    back = files.ask("back.elsewhere.org", "A")
    assert [record.to_text() for record in back.records] == ["192.0.2.1"]
    assert (back.chain, back.server) == (("hop.elsewhere.org", "mail.bakery.net"), "bakery.zone")


def test_aliases_that_go_round_end() -> None:
    files = ZoneFiles([ZoneFile("round.bakery.net. CNAME round.elsewhere.org.\n")], Elsewhere())
    assert files.ask("round.elsewhere.org", "A").status == BAD_REPLY
    assert files.ask("round.bakery.net", "A").status == BAD_REPLY


def test_without_a_soa_record_single_records_stand_for_the_others() -> None:
    files = ZoneFiles([ZoneFile('bakery.net. TXT "new"\nwww.bakery.net. CNAME bakery.net.\n')], Elsewhere())
    assert files.ask("bakery.net", "TXT").texts == ("new",)
    assert files.ask("www.bakery.net", "TXT").texts == ("new",)
    for name, rdtype in (("bakery.net", "MX"), ("mail.bakery.net", "A"), ("net", "TXT")):
        assert files.ask(name, rdtype).detail == OUTSIDE
    assert not files.is_public("bakery.net")
    assert files.is_public("mail.bakery.net")


def test_single_records_go_before_zones_and_small_zones_before_large() -> None:
    sub = "$ORIGIN sub.bakery.net.\n@ SOA ns admin 1 1 1 1 1\nwww A 192.0.2.44\n"
    patch = 'bakery.net. TXT "new"\n'
    files = ZoneFiles([ZoneFile(text) for text in (BAKERY, sub, patch)], Nobody(OUTSIDE))
    assert files.ask("bakery.net", "TXT").texts == ("new",)
    assert files.ask("bakery.net", "MX").status == ANSWER
    assert [record.to_text() for record in files.ask("www.sub.bakery.net", "A").records] == ["192.0.2.44"]
    assert files.ask("other.sub.bakery.net", "A").status == NXDOMAIN


def test_bytes_that_are_no_text_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "bakery.zone"
    path.write_bytes(b'bakery.net. TXT "caf\xe9" "\xc3\xa9"\n')
    assert ZoneFiles([ZoneFile.load(str(path))], Elsewhere()).ask("bakery.net", "TXT").texts == (
        "caf\udce9é",
    )


SOA = "bakery.net. SOA ns.bakery.net. admin.bakery.net. 1 1 1 1 1\n"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("; x\n\nbakery.net. TXTT foo\n", 3, "no record type 'TXTT'"),
        ("bakery.net. A 192.0.2.1\nbakery.net. A 300.1.1.1\n\n", 2, "no record"),
        ("bakery.net. TXT (\n  a\n  b\n", 1, "unbalanced parentheses"),
        ('bakery.net. A 192.0.2.1\nbakery.net. TXT "a\n', 2, "quoted string"),
        ("bakery.net. TXT " + "x" * 256 + "\n", 1, "255 octets"),
        ("\n$INCLUDE other.zone\n", 2, "write what it includes into this file"),
        (f"$GENERATE 1-{LARGEST_RANGE + 1} host$ A 192.0.2.1\n", 1, "`$GENERATE` for more than"),
        ("\n$TTL soon\n", 2, "TTL"),
        ("\n@ TXT x\n", 2, "$ORIGIN example.com."),
        ("\nbakery.net. TXT x\nwww TXT x\n", 3, "$ORIGIN example.com."),
        ("\nbakery.net. MX 10 mail\n", 2, "$ORIGIN example.com."),
        ("bakery.net. TXT x\nbakery.net. CNAME a.net.\n", 2, "CNAME record can have no other"),
        ("bakery.net. CNAME a.net.\n\nbakery.net. CNAME b.net.\n", 3, "CNAME record can have no other"),
        (f"{SOA}\nmail.bakery.org. A 192.0.2.1\n", 3, "outside of the zone bakery.net."),
        (f"{SOA}sub.{SOA}", 2, "second SOA record"),
        ("x" * 64 + ".net. TXT x\n", 1, "63 octets"),
        ("bakery.net. CH TXT x\n", 1, "no record"),
        ("bakery.net. TXT \\300\n", 1, "no record"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    path = tmp_path / "bakery.zone"
    path.write_text(text)
    with pytest.raises(ZoneFileError) as error:
        ZoneFile.load(str(path))
    assert str(error.value).startswith(f"{path}:{line}: ")
    assert words in str(error.value)


def test_two_files_of_one_zone_are_one_too_many() -> None:
    with pytest.raises(ZoneFileError, match=r"second: another file has the zone bakery\.net\."):
        ZoneFiles([ZoneFile(SOA, name="first"), ZoneFile(SOA, name="second")][::-1], Elsewhere())


@given(st.text(st.sampled_from('.@ \n\t;"\\()$*aA1=-') | st.characters(), max_size=60))
def test_any_text_is_a_zone_file_or_an_error_with_a_line(text: str) -> None:
    try:
        ZoneFiles([ZoneFile(text)], Elsewhere()).ask("a.net", "TXT")
    except ZoneFileError as error:
        assert str(error).partition(":")[0].isdecimal()


def test_the_zone_of_an_example_is_all_there_is() -> None:
    zone = Zone("$ORIGIN a.net.\n@ SOA ns admin 1 1 1 1 1\nsub NS ns.b.net.\n@ TXT x\n")
    assert zone.ask("b.net", "TXT").status == NXDOMAIN
    assert zone.ask("x.sub.a.net", "TXT").status == NXDOMAIN
    assert zone.ask("a.net", "TXT").texts == ("x",)
