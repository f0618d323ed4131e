"""Endpoints and next hops are taken apart as Postfix does; tests/lab asks the real one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillint.postfix import endpoints
from maillint.postfix.endpoints import DIES, UNREACHABLE, UNUSABLE
from maillint.postfix.version import NEWEST, Version


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("127.0.0.1:8891", None),
        ("8891", None),
        (":8891", None),
        ("[::1]:8891", None),
        ("localhost:submission", None),
        ("localhost:65535", None),
        ("localhost", (UNREACHABLE, 0, 9)),
        ("host:65536", (UNREACHABLE, 5, 10)),
        ("host:0", (UNREACHABLE, 5, 6)),
        ("8891@localhost", (DIES, 0, 14)),
        ("[::1]", (DIES, 0, 5)),
        ("::1:8891x", (DIES, 0, 9)),
    ],
)
def test_inet(text: str, expected: tuple[str, int, int] | None) -> None:
    found = endpoints.inet_problem(text)
    assert (found and (found.effect, found.start, found.end)) == expected


def test_a_path_may_be_107_bytes_long() -> None:
    assert endpoints.unix_problem("é" * 53 + "x") is None
    found = endpoints.unix_problem("é" * 54)
    assert found is not None
    assert found.effect == DIES


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("inet:127.0.0.1:9998", None),
        ("unix:private/policy", None),
        ("local:private/policy", None),
        ("private/policy", 'need service transport:endpoint instead of "private/policy"'),
        ("inet:", 'need service transport:endpoint instead of "inet:"'),
        ("tcp:h:1", "invalid transport name: tcp in service: tcp:h:1"),
        ("INET:h:1", "invalid transport name: INET in service: INET:h:1"),
        ("inet:[h:1", '[h:1: missing "]"'),
    ],
)
def test_policy_server(text: str, said: str | None) -> None:
    found = endpoints.policy_problem(text)
    assert (found and found.said) == said


def test_only_the_proxy_filter_may_shout() -> None:
    assert endpoints.proxy_filter_problem("INET:127.0.0.1:10024") is None
    assert endpoints.proxy_filter_problem("Unix:" + "x" * 107) is None
    assert endpoints.proxy_filter_problem("x" * 200) is None, "a host without port is a port"
    assert endpoints.sasl_path_problem("INET:" + "x" * 200) is not None, "it is a path"


def test_lmtp_has_prefixes_and_smtp_has_none() -> None:
    assert endpoints.nexthop_problems("unix:private/dovecot-lmtp", "lmtp", NEWEST) == []
    assert endpoints.nexthop_problems("inet:[::1]:24", "lmtp", NEWEST) == []
    assert endpoints.nexthop_problems("inet:127.0.0.1:24", "smtp", NEWEST) != []
    too_long = endpoints.nexthop_problems("unix:" + "x" * 108, "lmtp", NEWEST)
    assert [(found.effect, found.start, found.end) for found in too_long] == [(UNUSABLE, 5, 113)]


@pytest.mark.parametrize("port", ["smtp", "ssmtp", "submission", "10025", "amavis", "mail"])
def test_the_name_of_a_service_counts_as_known(port: str) -> None:
    assert endpoints.destination_problem(f"mail.example.com:{port}") is None


@pytest.mark.parametrize("port", ["smpt", "submision", "25/tcp", "0", "99999", "mail.example"])
def test_unless_it_cannot_be_one(port: str) -> None:
    found = endpoints.destination_problem(f"mail.example.com:{port}")
    assert found is not None
    assert found.effect == DIES


def test_several_next_hops_are_read_since_3_5() -> None:
    text = "[a.example]:587, [b.example"
    (new,) = endpoints.nexthop_problems(text, "smtp", Version("3.5"))
    assert text[new.start : new.end] == "[b.example"
    (old,) = endpoints.nexthop_problems(text, "smtp", Version("3.4"))
    assert (old.start, old.end) == (0, len(text))
    assert endpoints.nexthop_problems("a.example b.example", "smtp", Version("3.4")) != []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("inet:h:1, unix:/run/x", []),
        ("{ inet:h:1 }", []),
        ("{ inet:h:1, connect_timeout=5m, { default_action = ACCEPT }, protocol=6 }", []),
        ("inet:h:1 h:2", [(UNUSABLE, "h:2")]),
        ("h", [(UNUSABLE, "h")]),
        (":h", [(UNUSABLE, ":h")]),
        ("{ inet:h:1, connect_timeout=0 }", [(DIES, "connect_timeout=0")]),
        ("{ inet:h:1, connect_timeout=5years }", [(DIES, "connect_timeout=5years")]),
        ("{ inet:h:1, default_action= }", [(DIES, "default_action=")]),
        ("{ inet:h:1, default_action=drop }", [(UNUSABLE, "default_action=drop")]),
        ("{ inet:h:1 {a = b} {c} }", [(DIES, "{a = b}")]),
        ("{ }", [(DIES, "{ }")]),
        ("{ inet:h:1", [(DIES, "{ inet:h:1")]),
        ("{ inet:h:1 }x, h:1", [(DIES, "{ inet:h:1 }x"), (UNUSABLE, "h:1")]),
    ],
)
def test_milters(text: str, found: list[tuple[str, str]]) -> None:
    problems = endpoints.milter_problems(text, NEWEST)
    assert [(problem.effect, text[problem.start : problem.end]) for problem in problems] == found


def test_milters_had_no_options_before_3_0() -> None:
    problems = endpoints.milter_problems("{ inet:h:1 }", Version("2.11"))
    assert [problem.effect for problem in problems] == [UNUSABLE, UNUSABLE]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a=b {c}=d, { e = f g }", []),
        ("a", ["missing '=' after attribute name"]),
        ("=b { }", ["missing attribute name"] * 2),
        ("{a = b", ["missing '}' in \"{a = b\""]),
    ],
)
def test_milter_macro_defaults(text: str, said: list[str]) -> None:
    found = [problem.said for problem in endpoints.milter_macro_problems(text)]
    assert found == [f'malformed default macro entry: {error} in "{text}"' for error in said]


@given(st.text("ai1:[]{}@=,. /unetx\té-", max_size=40))
def test_any_text_has_places_within_itself(text: str) -> None:
    problems = [
        *endpoints.milter_problems(text, NEWEST),
        *endpoints.milter_macro_problems(text),
        *endpoints.nexthop_problems(text, "smtp", NEWEST),
        *endpoints.nexthop_problems(text, "lmtp", NEWEST),
    ]
    for single in (endpoints.policy_problem, endpoints.proxy_filter_problem, endpoints.sasl_path_problem):
        found = single(text)
        problems += [found] if found else []
    for problem in problems:
        assert 0 <= problem.start <= problem.end <= len(text)
        assert problem.said or problem.effect == UNREACHABLE
