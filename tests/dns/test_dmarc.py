"""DMARC records, the walk up the tree and alignment, by RFC 9989."""

import pytest

from maillint.dns.dmarc import (
    discover,
    is_aligned,
    is_dmarc,
    is_near_miss,
    parse_record,
    unauthorised_reports,
    walk_names,
    why_near_miss,
)
from maillint.dns.zone import Zone

GOOD = "v=DMARC1; p=reject"


@pytest.mark.parametrize(
    "text",
    ["v=DMARC1", "v=DMARC1;p=none", "v = DMARC1 ; p=none", GOOD, "v=DMARC1;", "v=DMARC1; rua=mailto:a@b.c"],
)
def test_what_is_a_record(text: str) -> None:
    assert is_dmarc(text)
    assert not is_near_miss(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("v=DMARC1 p=reject", "a `;` must follow"),
        ("v=dmarc1; p=reject", "exactly `v=DMARC1;`"),
        ('"v=DMARC1; p=reject"', "quotation mark"),
        (" v=DMARC1; p=reject", "white space"),
        ("v=DMARC2; p=reject", "exactly"),
        ("DMARC1; p=reject", "exactly"),
    ],
)
def test_what_only_looks_like_one(text: str, words: str) -> None:
    assert not is_dmarc(text)
    assert is_near_miss(text)
    assert words in why_near_miss(text)


@pytest.mark.parametrize(
    "text", ["v=spf1 -all", "dmarcian-site-verification=1", "p=reject; v=DMARC1", "MS=ms1"]
)
def test_other_records_are_none(text: str) -> None:
    assert not is_dmarc(text)
    assert not is_near_miss(text)


@pytest.mark.parametrize(
    ("text", "start", "end", "words"),
    [
        ("v=DMARC1; p=rejct", 12, 17, "one of `none`, `quarantine`, `reject`"),
        ("v=DMARC1; p=reject; aspf=strict", 25, 31, "one of `r`, `s`"),
        ("v=DMARC1; p=none; rua=dmarc@good.net", 22, 36, "write `mailto:dmarc@good.net`"),
        ("v=DMARC1; p=none; rua=mailto:a@good.net, b", 41, 42, "is not a URI"),
        ("v=DMARC1; p=none; rau=mailto:a@good.net", 18, 39, "did you mean `rua`?"),
        ("v=DMARC1; p=none; p=reject", 18, 26, "twice"),
        ("v=DMARC1; p=none; reject", 18, 24, "`name=value`"),
        ("v=DMARC1; p=none; psd=yes", 22, 25, "one of `y`, `n`, `u`"),
    ],
)
def test_a_mistake_has_its_place(text: str, start: int, end: int, words: str) -> None:
    (problem,) = parse_record(text).problems
    assert (problem.start, problem.end) == (start, end)
    assert words in problem.message


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        "v=DMARC1; rua=mailto:a@good.net; p=none",  # The order behind the version is free.
        "v=DMARC1; p=none; x-future=1; zzz=2",  # Unknown tags are ignored.
        "v=DMARC1; p=none; rua=mailto:a@good.net!10m,https://good.net/r; ruf=mailto:b@good.net; fo=1:d",
        "v=DMARC1; p=quarantine; sp=none; np=reject; adkim=s; aspf=r; t=y; psd=n",
        "v=DMARC1; p=none; pct=50; rf=afrf; ri=3600",
    ],
)
def test_what_is_right_has_no_problem(text: str) -> None:
    assert parse_record(text).problems == ()


@pytest.mark.parametrize(
    ("text", "policy"),
    [
        (GOOD, "reject"),
        ("v=DMARC1; p=REJECT", "reject"),
        ("v=DMARC1; rua=mailto:a@good.net", "none"),
        ("v=DMARC1; p=bad; rua=mailto:a@good.net", "none"),
        ("v=DMARC1; p=reject; sp=bad; rua=mailto:a@good.net", "none"),
        ("v=DMARC1; p=bad", None),
        ("v=DMARC1", None),
        ("v=DMARC1; p=bad; rua=nonsense", None),
    ],
)
def test_the_policy_that_counts(text: str, policy: str | None) -> None:
    assert parse_record(text).policy == policy


def test_a_record_that_is_lost_says_so() -> None:
    assert all(problem.fatal for problem in parse_record("v=DMARC1; p=bad").problems)
    assert not any(problem.fatal for problem in parse_record("v=DMARC1; p=bad; rua=mailto:a@b.net").problems)


def test_the_walk_asks_eight_names_at_most() -> None:
    assert walk_names("good.net") == ["good.net", "net"]
    # The example of RFC 9989 4.10: a long name is asked about once, and then from seven labels on.
    assert walk_names("a.b.c.d.e.f.g.h.i.j.mail.example.com") == [
        "a.b.c.d.e.f.g.h.i.j.mail.example.com",
        "g.h.i.j.mail.example.com",
        "h.i.j.mail.example.com",
        "i.j.mail.example.com",
        "j.mail.example.com",
        "mail.example.com",
        "example.com",
        "com",
    ]
    assert len(walk_names("a.b.c.d.e.f.example.com")) == 8


def zone(**records: str) -> Zone:
    """One DMARC record for each name, ``__`` for a dot."""
    return Zone(
        "\n".join(f'_dmarc.{name.replace("__", ".")}. 60 TXT "{text}"' for name, text in records.items())
    )


def test_the_organization_is_the_highest_record() -> None:
    dns = zone(example__com=GOOD, a__mail__example__com=GOOD)
    walk = discover(dns, "a.mail.example.com")
    assert walk.organization == "example.com"
    assert walk.governing is not None
    assert walk.governing.domain == "a.mail.example.com"


def test_psd_n_ends_the_walk() -> None:
    dns = zone(example__com=GOOD, mail__example__com="v=DMARC1; p=none; psd=n")
    walk = discover(dns, "a.mail.example.com")
    assert walk.organization == "mail.example.com"
    assert [place.domain for place in walk.places] == ["a.mail.example.com", "mail.example.com"]


def test_psd_y_is_one_above_the_organization() -> None:
    dns = zone(bank="v=DMARC1; p=reject; psd=y")
    walk = discover(dns, "a.mail.giant.bank")
    assert walk.organization == "giant.bank"
    assert walk.policy == "reject"
    # A registry's own mail is of its own organisation.
    assert discover(dns, "bank").organization == "bank"


def test_without_records_each_domain_is_its_own() -> None:
    walk = discover(Zone(""), "mail.example.com")
    assert (walk.organization, walk.policy, walk.governing) == ("mail.example.com", None, None)


def test_a_domain_below_takes_sp() -> None:
    dns = zone(example__com="v=DMARC1; p=reject; sp=none")
    assert discover(dns, "example.com").policy == "reject"
    assert discover(dns, "web.example.com").policy == "none"


def test_two_records_count_as_none() -> None:
    dns = Zone(f'_dmarc.a.net. 60 TXT "{GOOD}"\n_dmarc.a.net. 60 TXT "v=DMARC1; p=none"')
    walk = discover(dns, "a.net")
    assert walk.policy is None
    assert len(walk.places[0].records) == 2


@pytest.mark.parametrize(
    ("domain", "other", "strict", "aligned"),
    [
        ("example.com", "example.com", True, True),
        ("web.example.com", "example.com", True, False),
        ("web.example.com", "example.com", False, True),
        ("web.example.com", "mail.example.com", False, True),
        ("example.net", "example.com", False, False),
        ("web.own.example.com", "example.com", False, False),
    ],
)
def test_alignment(domain: str, other: str, strict: bool, aligned: bool) -> None:
    dns = zone(example__com=GOOD, own__example__com="v=DMARC1; p=none; psd=n")
    assert is_aligned(dns, domain, other, strict=strict) is aligned


def test_reports_need_the_consent_of_others() -> None:
    text = "v=DMARC1; p=none; rua=mailto:a@sub.a.net,mailto:b@b.net!5m; ruf=mailto:c@c.net"
    records = f'_dmarc.a.net. 60 TXT "{text}"\na.net._report._dmarc.c.net. 60 TXT "v=DMARC1;"'
    dns = Zone(records)
    place = discover(dns, "a.net").places[0]
    refused, unanswered = unauthorised_reports(dns, place)
    assert [answer.question.name for answer in refused] == ["a.net._report._dmarc.b.net"]
    assert unanswered == []
