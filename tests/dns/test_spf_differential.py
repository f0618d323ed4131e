"""check_host() and pyspf, an implementation that others wrote, agree on records that nobody thought of.

They may differ where RFC 7208 leaves a result open, and where pyspf does not follow it: see DIFFERENCES.
"""

import socket
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from maillint.dns.answer import ANSWER, TIMEOUT, Answer, Question
from maillint.dns.spf_check import Verdict, check_host
from maillint.dns.zone import Zone

spf: Any = pytest.importorskip("spf", reason="pyspf is not installed")

DOMAINS = [f"d{number}.net" for number in range(6)]
HOSTS = [f"h{number}.net" for number in range(4)]
ADDRESSES = ["192.0.2.1", "192.0.2.9", "198.51.100.1"]
ADDRESSES6 = ["2001:db8::1", "2001:db8:0:1::1"]
SILENT = "silent.net"
"""Whose server does not answer."""


class Case(NamedTuple):
    """The zone, and who sends."""

    zone: str
    address: str
    sender: str
    helo: str


class Outcomes(NamedTuple):
    ours: Verdict
    theirs: str
    words: str
    """pyspf's reason."""


OPEN, DECIDED = "open", "decided"


class Difference(NamedTuple):
    """A place where the two differ."""

    how: str
    """OPEN: RFC 7208 leaves it open; DECIDED: it does not, and maillint follows it."""
    section: str
    reason: str
    applies: Callable[[Case, Outcomes], bool]


DIFFERENCES = (
    Difference(
        OPEN,
        "RFC 7208 4.6.4",
        "void lookups SHOULD be limited, to two by default: pyspf counts questions, and those of a CNAME"
        " chain twice; maillint counts terms, as the RFC words it",
        lambda case, found: "find nothing" in found.ours.reason or "Void lookup" in found.words,
    ),
    Difference(
        OPEN,
        "RFC 7208 4.6.4",
        "more than ten mail servers are an error: pyspf says so at once, maillint when it needs the eleventh",
        lambda case, found: "MX records returned" in found.words,
    ),
    Difference(
        OPEN,
        "RFC 7208 5.5 and 7.3",
        "ptr is not to be used, and which name of several %{p} stands for is not said",
        lambda case, found: any(
            "ptr" in step.term.lower() or "%{p" in step.term for step in found.ours.trace
        ),
    ),
    Difference(
        OPEN,
        "RFC 7208 4.3 and 5",
        "what becomes of a name that is none (an empty label, a long one) is not said for a mechanism",
        lambda case, found: any(_is_no_name(name) for name in _targets(found.ours)),
    ),
    Difference(
        OPEN,
        "RFC 7208 4.6.4 and 5.2",
        "a record that includes itself runs into the limit of lookups when it comes to that term; pyspf"
        " refuses it at once, whatever matches before",
        lambda case, found: "trivial recursion" in found.words,
    ),
    Difference(
        DECIDED,
        "RFC 7208 6",
        "unknown modifiers MUST be ignored, no matter how often they appear",
        lambda case, found: "unknown= MUST appear at most once" in found.words,
    ),
    Difference(
        DECIDED,
        "RFC 7208 4.6 and 7.3",
        "the number in a macro MUST be nonzero, and an error anywhere in a record is one of the record; pyspf"
        " looks at it when it comes to the term",
        lambda case, found: "keep 0 parts" in found.ours.reason,
    ),
)


def _targets(verdict: Verdict) -> Iterator[str]:
    for step in verdict.trace:
        yield step.domain


def _is_no_name(name: str) -> bool:
    return any(not 0 < len(label) < 64 for label in name.split("."))


# --- what is generated -----------------------------------------------------------------------------------

qualifiers = st.sampled_from(["", "", "", "+", "-", "~", "?"])
names = st.sampled_from([*DOMAINS, *HOSTS, "nothing.net", SILENT])
MACROS = """
%{d} %{d1}.d0.net %{d2r} %{D2} d%{d1r}.net %{ir}.x.net %{i}.x.net %{i1}%{h} %{l}.%{d} %{l1r-}.x.net %{o} %{o2}
%{h} %{v}.x.net %{s} %{S}.x.net %%.x.net %{p}
"""
macros = st.sampled_from(MACROS.split())
specs = st.one_of(names, names, names, macros)
rest = st.one_of(st.just(""), specs.map(":{}".format))
right = st.one_of(
    st.builds(
        "{}{}{}{}".format,
        qualifiers,
        st.sampled_from(["a", "mx", "A", "Mx"]),
        rest,
        st.sampled_from(["", "", "", "/24", "/32", "/0", "//64", "/24//64"]),
    ),
    st.builds(
        "{}ip4:{}{}".format, qualifiers, st.sampled_from(ADDRESSES), st.sampled_from(["", "/24", "/0"])
    ),
    st.builds("{}ip6:{}{}".format, qualifiers, st.sampled_from(ADDRESSES6), st.sampled_from(["", "/64"])),
    st.builds("{}include:{}".format, qualifiers, specs),
    st.builds("{}exists:{}".format, qualifiers, specs),
    st.builds("{}ptr{}".format, qualifiers, rest),
    st.builds("{}all".format, qualifiers),
    st.builds("redirect={}".format, specs),
    st.builds("exp={}".format, specs),
    st.builds("unknown={}".format, st.sampled_from(["", "x", "%{d}", "a=b"])),
)
WRONG = """
ip4 ip4: ip4:192.0.2 ip4:192.0.2.1/33 ip4:2001:db8::1 ip4=192.0.2.1 ip6:192.0.2.1 ip6:2001:db8::1/129
al all:x -all. ? =x ++a a: a:/24 a/ a/33 a/024 a/0x8 a:net a:d0.net. a:d0.net, a:d_0.net a:%{d
a:%{x}.net a:%{d0}.net mx: mx//129 include include: include=d0.net exists exists:x%-.net redirect=
unknown=%{x}
"""
wrong = st.sampled_from(WRONG.split())
terms = st.one_of(*[right] * 12, wrong)
records = st.builds(
    lambda version, words, end: " ".join((version, *words, *end)),
    st.sampled_from(["v=spf1"] * 8 + ["V=SPF1", "v=spf10", "v=spf1 "]),
    st.lists(terms, max_size=5),
    st.sampled_from([(), ("-all",), ("~all",), ("?all",), ("redirect=d1.net",)]),
)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    lines = []
    for domain in DOMAINS:
        for record in draw(st.sampled_from([1, 1, 1, 1, 1, 1, 0, 2])) * [None]:
            assert record is None
            text = draw(records)
            cut = draw(st.integers(0, len(text)))
            lines.append(f'{domain}. 60 TXT "{text[:cut]}" "{text[cut:]}"')
        lines += [f"{domain}. 60 A {address}" for address in draw(_some(ADDRESSES))]
        lines += [f"{domain}. 60 MX {number} {host}." for number, host in enumerate(draw(_some(HOSTS)))]
    for host in HOSTS:
        alias = draw(st.sampled_from([None, None, None, *DOMAINS[:2], "nothing.net"]))
        if alias is not None:
            lines.append(f"{host}. 60 CNAME {alias}.")
            continue
        lines += [f"{host}. 60 A {address}" for address in draw(_some(ADDRESSES))]
        lines += [f"{host}. 60 AAAA {address}" for address in draw(_some(ADDRESSES6))]
    return Case(
        "\n".join(lines) + "\n",
        draw(st.sampled_from([*ADDRESSES[:2], *ADDRESSES[:2], ADDRESSES6[0]])),
        draw(st.sampled_from(["user", "first-last", "a.b"])) + "@" + draw(st.sampled_from(DOMAINS[:2])),
        draw(st.sampled_from([*DOMAINS[:1], *HOSTS[:1]])),
    )


def _some(words: list[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(words), max_size=2, unique=True)


# --- the two ---------------------------------------------------------------------------------------------


class Dns(Zone):
    """One of its names has a server that is silent."""

    def ask(self, name: str, rdtype: str) -> Answer:
        if name.lower() == SILENT:
            return Answer(Question(name, rdtype), TIMEOUT)
        return super().ask(name, rdtype)


def judged(case: Case) -> Outcomes:
    dns = Dns(case.zone)
    ours = check_host(dns, case.address, case.sender, case.helo)

    def look_up(name: str, kind: str, *_: object) -> Iterator[tuple[tuple[str, str], Any]]:
        answer = dns.ask(name, kind)
        if not answer.certain and answer.status == TIMEOUT:
            raise spf.TempError("DNS timeout")
        owner = name
        for link in answer.chain:
            yield (owner, "CNAME"), link
            owner = link
        if answer.status == ANSWER:
            for record in answer.records:
                yield (owner, kind), _theirs(kind, record)

    before = spf.DNSLookup
    spf.DNSLookup = look_up
    try:
        result, _, words = spf.query(i=case.address, s=case.sender, h=case.helo, strict=True).check()
    finally:
        spf.DNSLookup = before
    return Outcomes(ours, result, words)


def _theirs(kind: str, record: Any) -> Any:
    """A record as pyspf wants it."""
    if kind == "AAAA":
        return socket.inet_pton(socket.AF_INET6, record.address)
    if kind == "MX":
        return record.preference, record.exchange.to_text(omit_final_dot=True)
    if kind == "PTR":
        return record.target.to_text(omit_final_dot=True)
    return record.strings if kind == "TXT" else record.address


@settings(max_examples=600, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases())
def test_both_say_the_same(case: Case) -> None:
    found = judged(case)
    event(found.ours.result)
    if found.ours.result == found.theirs:
        return
    allowed = next((place for place in DIFFERENCES if place.applies(case, found)), None)
    assert allowed is not None, (
        f"{found.ours.result} ({found.ours.reason}), but pyspf says {found.theirs} ({found.words})"
        f" for {case.address}, {case.sender}:\n{case.zone}" + "\n".join(map(str, found.ours.trace))
    )
    event(f"{allowed.how}: {allowed.section}")
