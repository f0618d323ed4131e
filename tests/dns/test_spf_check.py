"""SPF records: where their errors are, and how check_host() tells its way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.dns_server import FaultyServer
from maillint.dns.resolver import Resolver
from maillint.dns.spf import is_spf, merge
from maillint.dns.spf_check import FAIL, NONE, PASS, PERMERROR, SOFTFAIL, TEMPERROR, Verdict, check_host
from maillint.dns.spf_record import Macro, parse_record
from maillint.dns.zone import Zone


@pytest.mark.parametrize(
    ("record", "place", "words"),
    [
        ("v=spf1 ipv4:192.0.2.1 -all", "ipv4:192.0.2.1", "did you mean `ip4`?"),
        ("v=spf1 ip:192.0.2.1 -all", "ip:192.0.2.1", "did you mean `ip4`?"),
        ("v=spf1 inlcude:a.net -all", "inlcude:a.net", "did you mean `include`?"),
        ("v=spf1 ip4:192.0.2.1-all", "192.0.2.1-all", "not an IPv4 address"),
        ("v=spf1 ip4:2001:db8::1 -all", "2001:db8::1", "that is for `ip6:`"),
        ("v=spf1 ip4 :192.0.2.1", "", "needs an address"),
        ("v=spf1 ip4:192.0.2.0/33 -all", "33", "from 0 to 32"),
        ("v=spf1 a//129 -all", "129", "from 0 to 128"),
        ("v=spf1 a/024 -all", "024", "from 0 to 32"),
        ("v=spf1 include -all", "include", "`include:DOMAIN`"),
        ("v=spf1 include: -all", "", "a domain must follow"),
        ("v=spf1 a:museum -all", "museum", "top-level domain"),
        ("v=spf1 a:192.0.2.1 -all", "192.0.2.1", "top-level domain"),
        ("v=spf1 redirect:a.net", "redirect:a.net", "write `redirect=DOMAIN`"),
        ("v=spf1 redirect=a.net redirect=b.net", "redirect=b.net", "only once"),
        ("v=spf1 a:%{x}.net", "%{x}", "no macro `x`"),
        ("v=spf1 a:%{r}.net", "%{r}", "no macro `r`"),
        ("v=spf1 a:%{d0}.net", "%{d0}", "0 parts"),
        ("v=spf1 a:100%.net", "%", "begin a macro"),
        ("v=spf1 a:b\u00fccher.net", "\u00fc", "only ASCII"),
        ("v=spf1 \u2013all", "\u2013all", "no mechanism"),
        ("v=spf1 mx\t-all", "mx\t-all", "no mechanism"),
        ("v=spf1 -all:", ":", "nothing may follow"),
    ],
)
def test_the_place_of_an_error(record: str, place: str, words: str) -> None:
    problem = parse_record(record).problems[0]
    assert record[problem.start : problem.end] == place
    assert words in problem.message


def test_all_errors_are_found_and_the_rest_is_read() -> None:
    record = parse_record("v=spf1 ipv4:192.0.2.1 a foo ~all exp=%{i2r-}.a.net")
    assert [record.text[problem.start : problem.end] for problem in record.problems] == [
        "ipv4:192.0.2.1",
        "foo",
    ]
    assert [mechanism.text for mechanism in record.mechanisms] == ["a", "~all"]
    explanation = record.modifier("exp")
    assert explanation is not None
    assert explanation.value == (Macro("i", 2, True, "-", False), ".a.net")


@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    record = parse_record(f"v=spf1 {text}")
    for problem in record.problems:
        assert 0 <= problem.start <= problem.end <= len(record.text)


TERMS = st.sampled_from(
    [
        "a", "mx", "ptr", "all", "-all", "~all", "?all", "include:a.net", "include:b.net",
        "redirect=b.net", "exp=x.a.net", "a:%{d}", "a:%{p}.net", "exists:%{ir}.%{v}.a.net",
        "a:%{S9r+-}.net", "ip4:192.0.2.0/24", "ip6:2001:db8::/32", "mx:b.net/8//8", "a/0", "foo",
        "ip4:x", "a:%{h}", "include:%{o}", "ptr:a.net", "a:%{L}%%%_%-.net",
    ]
)  # fmt: skip


@given(st.lists(TERMS, max_size=14), st.lists(TERMS, max_size=14), st.text(max_size=20), st.text(max_size=20))
def test_any_record_has_a_verdict(one: list[str], two: list[str], sender: str, helo: str) -> None:
    zone = Zone(
        f'a.net 60 TXT "v=spf1 {" ".join(one)}"\nb.net 60 TXT "v=spf1 {" ".join(two)}"\n'
        "a.net 60 A 192.0.2.1\na.net 60 MX 10 a.net\nx.a.net 60 TXT \"%{c} %{t} %{r}\"\n"
        "1.2.0.192.in-addr.arpa 60 PTR a.net\n"
    )  # fmt: skip
    for ip in ("192.0.2.1", "2001:db8::1", "::ffff:198.51.100.1"):
        verdict = check_host(zone, ip, f"{sender}@a.net", helo)
        assert verdict.lookups <= 11
        assert verdict.reason


@pytest.mark.parametrize("unit", ["a", "1.", "/1", "%{p}", "%{d}.", "9", "-", "x=", ":"])
def test_a_monstrous_record_does_not_hang(unit: str) -> None:
    monster = unit * 20_000
    for text in (
        f"v=spf1 a:{monster}.net",
        f"v=spf1 {monster}",
        f"v=spf1 a:%{{d{monster}}}",
        f"v=spf1 a:x.{monster}!",
    ):
        parse_record(text)


ZONE = """\
shop.net      60 TXT "v=spf1 ip4:203.0.113.7 include:spf.mailer.net include:loop.net ~all"
spf.mailer.net 60 TXT "v=spf1 ip4:198.51.100.0/24 a:gone.mailer.net ?all"
loop.net      60 TXT "v=spf1 include:loop.net -all"
void.net      60 TXT "v=spf1 a:one.void.net a:two.void.net a:three.void.net -all"
names.net     60 TXT "v=spf1 ptr ptr:a.net ptr:b.net -all"
strict.net    60 TXT "v=spf1 mx -all exp=why.strict.net"
strict.net    60 MX  10 mail.strict.net.
mail.strict.net 60 A 192.0.2.25
why.strict.net 60 TXT "%{i} is not a server of %{o}"
wrong.net     60 TXT "v=spf1 ip4:192.0.2 -all"
two.net       60 TXT "v=spf1 -all"
two.net       60 TXT "v=spf1 +all"
mailer.net    60 TXT "v=spf1 redirect=spf.mailer.net"
astray.net    60 TXT "v=spf1 redirect=nothing.net"
"""


def check(ip: str, domain: str) -> Verdict:
    return check_host(Zone(ZONE), ip, f"user@{domain}", f"mail.{domain}")


@pytest.mark.parametrize(
    ("ip", "domain", "result", "reason"),
    [
        ("203.0.113.7", "shop.net", PASS, "`ip4:203.0.113.7` of shop.net"),
        ("198.51.100.9", "shop.net", PASS, "`include:spf.mailer.net` of shop.net"),
        ("192.0.2.9", "shop.net", PERMERROR, "more than 10 terms cause lookups, at `include:loop.net`"),
        ("192.0.2.9", "void.net", PERMERROR, "more than 2 lookups find nothing, at `a:three.void.net`"),
        ("192.0.2.9", "names.net", PERMERROR, "more than 2 lookups find nothing, at `ptr:b.net`"),
        ("192.0.2.25", "strict.net", PASS, "`mx` of strict.net"),
        ("192.0.2.26", "strict.net", FAIL, "`-all` of strict.net"),
        (
            "192.0.2.25",
            "wrong.net",
            PERMERROR,
            "the record of wrong.net, column 12: `192.0.2` is not an",
        ),
        ("192.0.2.25", "two.net", PERMERROR, "two.net has 2 SPF records"),
        ("198.51.100.9", "mailer.net", PASS, "`ip4:198.51.100.0/24` of spf.mailer.net"),
        (
            "192.0.2.25",
            "astray.net",
            PERMERROR,
            "`redirect=nothing.net` of astray.net: nothing.net has no",
        ),
        ("192.0.2.25", "nothing.net", NONE, "nothing.net has no SPF record"),
        ("192.0.2.25", "localhost", NONE, "localhost is not a full domain name"),
    ],
)
def test_the_reason(ip: str, domain: str, result: str, reason: str) -> None:
    verdict = check(ip, domain)
    assert (verdict.result, verdict.reason[: len(reason)]) == (result, reason)


def test_the_trace_and_the_costs() -> None:
    verdict = check("198.51.100.9", "shop.net")
    assert [step[1:] for step in verdict.trace] == [
        ("v=spf1", 0, "v=spf1 ip4:203.0.113.7 include:spf.mailer.net include:loop.net ~all"),
        ("ip4:203.0.113.7", 0, "no match"),
        ("v=spf1", 1, "v=spf1 ip4:198.51.100.0/24 a:gone.mailer.net ?all"),
        ("ip4:198.51.100.0/24", 1, "match"),
        ("include:spf.mailer.net", 0, "match"),
    ]
    assert (verdict.lookups, verdict.void_lookups) == (1, 0)


def test_the_explanation_of_the_domain() -> None:
    assert check("192.0.2.26", "strict.net").explanation == "192.0.2.26 is not a server of strict.net"
    assert check("192.0.2.25", "strict.net").explanation == ""


def test_the_helo_identity_is_asked_when_there_is_no_sender() -> None:
    verdict = check_host(Zone(ZONE), "192.0.2.25", "", "strict.net")
    assert verdict.result == PASS


@pytest.mark.parametrize("kind", ["servfail", "refused", "drop", "garbage"])
def test_no_answer_is_no_verdict(kind: str) -> None:
    with FaultyServer() as server:
        resolver = Resolver(server.address, timeout=0.1, lifetime=0.3)
        verdict = check_host(resolver, "192.0.2.1", f"user@{kind}.bakery.net", "mail.bakery.net")
    assert verdict.result == TEMPERROR
    assert f"{kind}.bakery.net TXT" in verdict.reason


@pytest.mark.parametrize(
    ("records", "merged"),
    [
        (["v=spf1 ip4:192.0.2.1 -all", "v=spf1 a -all"], "v=spf1 ip4:192.0.2.1 a -all"),
        (["v=spf1 mx -all", "v=spf1 MX include:a.net ~all"], "v=spf1 mx include:a.net ~all"),
        (["v=spf1 mx", "v=spf1  a"], "v=spf1 mx a ~all"),
        (["v=spf1 mx +all", "v=spf1 a -all"], "v=spf1 mx a ~all"),
        (["v=spf1 mx -all", "v=spf1 redirect=a.net"], None),
        (["v=spf1 mx -all exp=a.net", "v=spf1 -all"], None),
    ],
)
def test_merging(records: list[str], merged: str | None) -> None:
    assert merge(records) == merged
    if merged is not None:
        assert is_spf(merged)
        assert parse_record(merged).problems == ()


def test_softfail_of_the_own_host_is_told_apart() -> None:
    zone = Zone('shop.net 60 TXT "v=spf1 include:spf.mailer.net ~all"\nspf.mailer.net 60 TXT "v=spf1 -all"\n')
    assert check_host(zone, "203.0.113.7", "user@shop.net", "web01.shop.net").result == SOFTFAIL
