"""The resolver against the real nsd and against servers that break: no hang, no wrong verdict."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab.dns_server import FaultyServer, free_port, nsd
from maillint.dns import answer
from maillint.dns.answer import domain_name
from maillint.dns.resolver import Resolver, ResolverError, system_servers
from maillint.nameserver import parse_server
from support import needs_nsd

LONG = " ".join(f'"v=spf1-part-{number:03} {"x" * 200}"' for number in range(12))

ROOT_ZONE = f"""\
$TTL 60
.                       SOA   ns.bakery.net. admin.bakery.net. 1 3600 600 86400 60
.                       NS    ns.bakery.net.
ns.bakery.net.          A     127.0.0.1
bakery.net.             A     192.0.2.1
one.bakery.net.         TXT   "v=spf1 ip4:192.0.2.1 -all"
two.bakery.net.         TXT   "v=spf1 ip4:192.0.2.1 -all"
two.bakery.net.         TXT   "v=spf1 ip4:192.0.2.2 -all"
split.bakery.net.       TXT   "v=spf1 ip4:192.0.2.1" " ip4:192.0.2.2" " -all"
alias.bakery.net.       CNAME one.bakery.net.
alias2.bakery.net.      CNAME alias.bakery.net.
toempty.bakery.net.     CNAME bakery.net.
tonothing.bakery.net.   CNAME nothing.bakery.net.
away.bakery.net.        CNAME mail.elsewhere.org.
loop1.bakery.net.       CNAME loop2.bakery.net.
loop2.bakery.net.       CNAME loop1.bakery.net.
bytes.bakery.net.       TXT   "caf\\233 \\195\\169"
long.bakery.net.        TXT   {LONG}
*.wild.bakery.net.      TXT   "v=spf1 -all"
back\\\\slash.bakery.net. TXT "backslash"
"""


@pytest.fixture(scope="module")
def real() -> Iterator[Resolver]:
    with nsd({".": ROOT_ZONE}) as address:
        yield Resolver(address)


@pytest.fixture
def faulty() -> Iterator[FaultyServer]:
    with FaultyServer() as server:
        yield server


def quick(server: FaultyServer, **options: float) -> Resolver:
    return Resolver(server.address, **{"timeout": 0.2, "lifetime": 0.5, **options})


@needs_nsd
@pytest.mark.parametrize(
    ("name", "status", "texts", "chain"),
    [
        ("nothing.bakery.net", answer.NXDOMAIN, (), ()),
        ("bakery.net", answer.NODATA, (), ()),
        ("net", answer.NODATA, (), ()),
        ("one.bakery.net", answer.ANSWER, ("v=spf1 ip4:192.0.2.1 -all",), ()),
        ("ONE.Bakery.NET.", answer.ANSWER, ("v=spf1 ip4:192.0.2.1 -all",), ()),
        ("split.bakery.net", answer.ANSWER, ("v=spf1 ip4:192.0.2.1 ip4:192.0.2.2 -all",), ()),
        ("alias.bakery.net", answer.ANSWER, ("v=spf1 ip4:192.0.2.1 -all",), ("one.bakery.net",)),
        (
            "alias2.bakery.net",
            answer.ANSWER,
            ("v=spf1 ip4:192.0.2.1 -all",),
            ("alias.bakery.net", "one.bakery.net"),
        ),
        ("toempty.bakery.net", answer.NODATA, (), ("bakery.net",)),
        ("tonothing.bakery.net", answer.NXDOMAIN, (), ("nothing.bakery.net",)),
        ("away.bakery.net", answer.NXDOMAIN, (), ("mail.elsewhere.org",)),
        ("bytes.bakery.net", answer.ANSWER, ("caf\udce9 é",), ()),
        ("long.bakery.net", answer.ANSWER, (LONG.replace('" "', "").strip('"'),), ()),
        ("any.wild.bakery.net", answer.ANSWER, ("v=spf1 -all",), ()),
        ("back\\slash.bakery.net", answer.ANSWER, ("backslash",), ()),
    ],
)
def test_real_server(
    real: Resolver, name: str, status: str, texts: tuple[str, ...], chain: tuple[str, ...]
) -> None:
    got = real.ask(name, "TXT")
    assert (got.status, got.texts, got.chain) == (status, texts, chain)
    assert got.certain
    assert got.server == str(real.servers[0])


@needs_nsd
def test_two_records_come_as_two(real: Resolver) -> None:
    assert sorted(real.ask("two.bakery.net", "TXT").texts) == [
        "v=spf1 ip4:192.0.2.1 -all",
        "v=spf1 ip4:192.0.2.2 -all",
    ]


@needs_nsd
def test_a_loop_of_aliases_is_no_verdict(real: Resolver) -> None:
    got = real.ask("loop1.bakery.net", "TXT")
    assert got.status in (answer.BAD_REPLY, answer.SERVFAIL)
    assert not got.certain


@needs_nsd
def test_a_server_of_another_zone_gives_no_verdict() -> None:
    zone = """\
$TTL 60
@     SOA  ns admin 1 3600 600 86400 60
@     NS   ns
ns    A    127.0.0.1
alias CNAME mail.elsewhere.org.
sub   NS   ns.elsewhere.org.
"""
    with nsd({"bakery.net": zone}) as address:
        resolver = Resolver(address, timeout=0.5, lifetime=1)
        assert resolver.ask("elsewhere.org", "TXT").status == answer.REFUSED
        through = resolver.ask("alias.bakery.net", "TXT")
        assert (through.status, through.chain) == (answer.REFUSED, ("mail.elsewhere.org",))
        assert resolver.ask("www.sub.bakery.net", "TXT").status == answer.BAD_REPLY


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        ("servfail", answer.SERVFAIL, "SERVFAIL"),
        ("refused", answer.REFUSED, "REFUSED"),
        ("notimp", answer.BAD_REPLY, "NOTIMP"),
        ("drop", answer.TIMEOUT, "no reply"),
        ("garbage", answer.BAD_REPLY, "makes no sense"),
        ("wrongid", answer.BAD_REPLY, "makes no sense"),
        ("wrongname", answer.BAD_REPLY, "makes no sense"),
        ("referral", answer.BAD_REPLY, "referral"),
        ("loop", answer.BAD_REPLY, "CNAME chain"),
        ("cutcut", answer.BAD_REPLY, "over UDP was cut"),
    ],
)
def test_failures_stay_apart_and_end_in_time(
    faulty: FaultyServer, kind: str, status: str, words: str
) -> None:
    resolver = quick(faulty)
    start = time.monotonic()
    got = resolver.ask(f"{kind}.bakery.net", "TXT")
    assert time.monotonic() - start < 0.5 + 0.3
    assert got.status == status
    assert words in got.outcome
    assert not got.certain
    assert got.records == ()


@pytest.mark.parametrize("kind", ["ok", "cut", "noedns"])
def test_the_long_way_to_an_answer(faulty: FaultyServer, kind: str) -> None:
    got = quick(faulty).ask(f"{kind}.bakery.net", "TXT")
    assert got.texts == ("v=spf1 -all",)
    expected = {"ok": ["udp"], "cut": ["udp", "tcp"], "noedns": ["udp", "udp"]}[kind]
    assert faulty.asked == [f"{over} {kind}.bakery.net" for over in expected]


def test_slow_is_not_too_late(faulty: FaultyServer) -> None:
    assert quick(faulty, timeout=2, lifetime=2).ask("slow.bakery.net", "TXT").texts == ("v=spf1 -all",)


def test_cut_reply_without_tcp_is_no_verdict() -> None:
    with FaultyServer(tcp=False) as server:
        got = quick(server).ask("cut.bakery.net", "TXT")
    assert got.status == answer.UNREACHABLE
    assert "over UDP was cut, and TCP failed: Connection refused" in got.outcome


@settings(max_examples=60)
@given(flags=st.binary(min_size=2, max_size=2), rest=st.binary(max_size=80))
def test_any_reply_is_read(flags: bytes, rest: bytes) -> None:
    with FaultyServer(tcp=False) as server:
        server.garbage = flags + rest
        got = quick(server, timeout=0.05, lifetime=0.1).ask("garbage.bakery.net", "TXT")
    assert got.status in (answer.BAD_REPLY, answer.UNREACHABLE, answer.TIMEOUT)


def test_nobody_there() -> None:
    resolver = Resolver(f"127.0.0.1#{free_port()}", timeout=0.1, lifetime=0.3)
    assert resolver.ask("bakery.net", "TXT").status in (answer.TIMEOUT, answer.UNREACHABLE)


@pytest.mark.parametrize("kind", ["servfail", "refused", "garbage", "referral", "ok"])
def test_any_reply_shows_that_somebody_is_there(
    faulty: FaultyServer, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import dns.name

    monkeypatch.setattr(dns.name, "root", dns.name.from_text(f"{kind}.bakery.net"))
    assert quick(faulty).probe() == ""


def test_after_a_vain_probe_nothing_is_asked() -> None:
    resolver = Resolver(f"127.0.0.1#{free_port()}", timeout=0.1, lifetime=0.3)
    assert "no name server replies (127.0.0.1#" in resolver.probe()
    start = time.monotonic()
    got = resolver.ask("bakery.net", "TXT")
    assert (got.status, got.certain) == (answer.UNASKED, False)
    assert "no name server replies" in got.outcome
    assert time.monotonic() - start < 0.1


def test_the_second_server_helps(faulty: FaultyServer) -> None:
    resolver = quick(faulty, lifetime=2)
    dead = parse_server(f"127.0.0.1#{free_port()}")
    resolver.servers = (dead, *resolver.servers)
    assert resolver.ask("ok.bakery.net", "TXT").texts == ("v=spf1 -all",)


def test_the_most_telling_failure_is_told(faulty: FaultyServer) -> None:
    resolver = quick(faulty)
    dead = parse_server(f"127.0.0.1#{free_port()}")
    resolver.servers = (*resolver.servers, dead)
    got = resolver.ask("servfail.bakery.net", "TXT")
    assert (got.status, got.server) == (answer.SERVFAIL, faulty.address)


def test_the_budget_ends_the_questions_of_a_run(faulty: FaultyServer) -> None:
    resolver = quick(faulty, timeout=0.3, lifetime=0.3, budget=0.8)
    start = time.monotonic()
    answers = [resolver.ask(f"drop.{number}.net", "TXT") for number in range(10)]
    assert time.monotonic() - start < 0.8 + 0.3
    assert {got.status for got in answers} == {answer.TIMEOUT, answer.UNASKED}
    assert answers[-1].status == answer.UNASKED
    assert "0.8 seconds" in answers[-1].outcome


def test_several_questions_wait_together(faulty: FaultyServer) -> None:
    resolver = quick(faulty, timeout=0.4, lifetime=0.4)
    start = time.monotonic()
    names = [f"{'drop' if number % 2 else 'ok'}.{number}.net" for number in range(16)]
    answers = resolver.ask_all((name, "TXT") for name in names)
    assert time.monotonic() - start < 1.5, "sixteen names, one wait"
    assert [got.question.name for got in answers] == names
    assert [got.status for got in answers] == [answer.ANSWER, answer.TIMEOUT] * 8


def test_one_question_is_asked_once(faulty: FaultyServer) -> None:
    resolver = quick(faulty, timeout=2, lifetime=2)
    answers: list[answer.Answer] = []
    threads = [
        threading.Thread(target=lambda name: answers.append(resolver.ask(name, "txt")), args=(name,))
        for name in ("slow.bakery.net", "SLOW.bakery.net.", "slow.Bakery.net")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answers.append(resolver.ask("slow.bakery.net", "TXT"))
    assert len(set(map(id, answers))) == 1
    assert faulty.asked == ["udp slow.bakery.net"]


@pytest.mark.parametrize("name", ["", ".", "a..b", ".net", "x" * 64 + ".net", ".".join(["x" * 60] * 5)])
def test_what_is_no_name_is_not_asked(faulty: FaultyServer, name: str) -> None:
    assert quick(faulty).ask(name, "TXT").status == answer.BAD_NAME
    assert faulty.asked == []


@given(st.text(max_size=70))
def test_any_text_is_a_name_or_a_value_error(text: str) -> None:
    try:
        name = domain_name(text)
    except ValueError:
        return
    assert name.is_absolute()


def test_names_are_taken_literally() -> None:
    assert domain_name("a\\.b.net").labels == (b"a\\", b"b", b"net", b"")
    assert domain_name("bäckerei.net").labels == (b"xn--bckerei-5wa", b"net", b"")


def test_unknown_type_is_a_programming_error() -> None:
    with pytest.raises(ValueError, match="no record type 'TXTT'"):
        Resolver("127.0.0.1").ask("bakery.net", "TXTT")


@pytest.mark.parametrize(
    ("text", "server", "shown"),
    [
        ("127.0.0.1", ("127.0.0.1", 53), "127.0.0.1"),
        ("127.0.0.1#5300", ("127.0.0.1", 5300), "127.0.0.1#5300"),
        ("2001:db8::53", ("2001:db8::53", 53), "2001:db8::53"),
        ("[2001:db8::53]#5300", ("2001:db8::53", 5300), "2001:db8::53#5300"),
        ("fe80::1%lo#5300", ("fe80::1%lo", 5300), "fe80::1%lo#5300"),
    ],
)
def test_resolver_option(text: str, server: tuple[str, int], shown: str) -> None:
    assert parse_server(text) == server
    assert str(parse_server(text)) == shown


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("127.0.0.1:5300", "the port stands behind a #: 127.0.0.1#5300"),
        ("dns.bakery.net", "IP address"),
        ("", "IP address"),
        ("#53", "IP address"),
        ("127.0.0.1#", "from 1 to 65535"),
        ("127.0.0.1#0", "from 1 to 65535"),
        ("127.0.0.1#70000", "from 1 to 65535"),
        ("127.0.0.1#²", "from 1 to 65535"),
        ("300.1.1.1", "IP address"),
    ],
)
def test_wrong_resolver_option(text: str, words: str) -> None:
    with pytest.raises(ResolverError, match=f"the resolver .*{words}"):
        Resolver(text)


def test_system_without_resolver(monkeypatch: pytest.MonkeyPatch) -> None:
    import dns.resolver

    class Without(dns.resolver.Resolver):
        def __init__(self, configure: bool) -> None:
            super().__init__(filename="/nonexistent/resolv.conf", configure=configure)

    monkeypatch.setattr(dns.resolver, "Resolver", Without)
    with pytest.raises(ResolverError, match=r"no resolver .*--resolver ADDR\[#PORT\]"):
        Resolver()


@pytest.mark.parametrize("text", ["", "# none\nsearch bakery.net\n", "nameserver\n", "nameserver nonsense\n"])
def test_empty_or_wrong_resolv_conf(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str) -> None:
    import dns.resolver

    path = tmp_path / "resolv.conf"
    path.write_text(text)
    original = dns.resolver.Resolver
    monkeypatch.setattr(
        dns.resolver, "Resolver", lambda configure: original(filename=str(path), configure=configure)
    )
    with pytest.raises(ResolverError, match="--resolver"):
        system_servers()
