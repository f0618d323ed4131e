"""MTA-STS records and policies, fetched from a web server on loopback; TLS-RPT records."""

import http.server
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.dns_server import free_port
from lab.https_server import Authority, Respond, answer, https_server, needs_openssl
from maillint.dns import tls_rpt
from maillint.dns.mta_sts import Fetched, Fetcher, is_sts_record, not_allowed, parse_policy, record_problem
from maillint.dns.zone import Zone

POLICY = "version: STSv1\r\nmode: enforce\r\nmx: mail.good.net\r\nmx: *.mx.good.net\r\nmax_age: 604800\r\n"
ZONE = Zone(
    "mta-sts.good.net. 60 A 127.0.0.1\nmta-sts.other.net. 60 A 127.0.0.1\nmta-sts.empty.net. 60 TXT x"
)


@pytest.mark.parametrize("text", ["v=STSv1; id=1", "v=STSv1;id=20260101T010101;", "v=STSv1 ; id=a1;"])
def test_records(text: str) -> None:
    assert is_sts_record(text)
    assert record_problem(text) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("v=STSv1;", "no `id=`"),
        ("v=STSv1; id=2026-01-01", "letters and digits"),
        ("v=STSv1; id=" + "1" * 33, "1 to 32"),
        ("v=STSv1; id=", "1 to 32"),
    ],
)
def test_records_that_are_wrong(text: str, words: str) -> None:
    assert is_sts_record(text)
    problem = record_problem(text)
    assert problem is not None
    assert words in problem.message


@pytest.mark.parametrize("text", ["v=STSv1", "v=stsv1; id=1", "v=STSv2; id=1", " v=STSv1; id=1"])
def test_no_records(text: str) -> None:
    assert not is_sts_record(text)


def test_a_policy() -> None:
    policy = parse_policy(POLICY)
    assert policy == ("enforce", ("mail.good.net", "*.mx.good.net"), 604800, ())
    assert parse_policy(POLICY.replace("\r\n", "\n")) == policy
    hosts = [
        "mail.good.net",
        "MAIL.good.net",
        "a.mx.good.net",
        "a.b.mx.good.net",
        "mx.good.net",
        "www.good.net",
    ]
    assert not_allowed(policy, hosts) == hosts[3:]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (POLICY.replace("version: STSv1", "version: STSv2"), "no `version: STSv1`"),
        (POLICY.replace("enforce", "enforced"), "`mode` must be one of"),
        (POLICY.replace("604800", "1y"), "`max_age` must be"),
        (POLICY.replace("604800", "31557601"), "`max_age` must be"),
        (POLICY.replace("mx: mail.good.net", "mx: mail good net"), "line 3"),
        (POLICY.replace("mode: enforce", "<html>"), "line 2 is not of the form"),
        ("version: STSv1\nmode: testing\nmax_age: 1\n", "there is no `mx`"),
        ("", "no `version"),
    ],
)
def test_policies_that_are_wrong(text: str, words: str) -> None:
    assert words in "; ".join(parse_policy(text).problems)


def test_a_policy_that_gives_up_needs_no_servers() -> None:
    assert parse_policy("version: STSv1\nmode: none\nmax_age: 86400\n").problems == ()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    yield Authority(tmp_path_factory.mktemp("authority"))


def fetched(
    authority: Authority, respond: Respond, domain: str = "good.net", timeout: float = 3.0
) -> Fetched:
    with https_server(authority.issue("mta-sts.good.net"), respond) as port:
        fetcher = Fetcher(ZONE, timeout=timeout, port=port, context=authority.context())
        return fetcher.fetch(domain)


@needs_openssl
def test_a_policy_is_fetched(authority: Authority) -> None:
    asked: list[str] = []

    def respond(handler: http.server.BaseHTTPRequestHandler) -> None:
        asked.append(f"{handler.headers['Host']} {handler.path}")
        answer(POLICY, kind="text/plain; charset=utf-8")(handler)

    found = fetched(authority, respond)
    assert found == ("https://mta-sts.good.net/.well-known/mta-sts.txt", POLICY, "", False)
    (line,) = asked
    assert line.startswith("mta-sts.good.net")
    assert line.endswith(" /.well-known/mta-sts.txt")


def _moved(handler: http.server.BaseHTTPRequestHandler) -> None:
    handler.send_response(301, "Moved Permanently")
    handler.send_header("Location", "https://mta-sts.good.net/other")
    handler.send_header("Content-Length", "0")
    handler.end_headers()


@needs_openssl
@pytest.mark.parametrize(
    ("respond", "words"),
    [
        (answer(POLICY, status=404), "404"),
        (_moved, "301 Moved Permanently, not 200"),
        (answer(POLICY, kind="text/html"), "`text/html`, not `text/plain`"),
        (answer("x" * 70000), "longer than 65536"),
    ],
)
def test_answers_that_are_no_policy(authority: Authority, respond: Respond, words: str) -> None:
    found = fetched(authority, respond)
    assert found.text is None
    assert found.theirs
    assert words in found.reason


@needs_openssl
def test_a_certificate_of_another_name(authority: Authority) -> None:
    found = fetched(authority, answer(POLICY), "other.net")
    assert found.text is None
    assert found.theirs
    assert "certificate does not hold" in found.reason


@needs_openssl
def test_a_certificate_that_nobody_trusts(authority: Authority) -> None:
    with https_server(authority.issue("mta-sts.good.net"), answer(POLICY)) as port:
        found = Fetcher(ZONE, port=port, timeout=3).fetch("good.net")
    assert found.theirs
    assert "certificate does not hold" in found.reason


def _drip(handler: http.server.BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/plain")
    handler.send_header("Content-Length", "60000")
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b"v")
        time.sleep(0.1)


def _wait(handler: http.server.BaseHTTPRequestHandler) -> None:
    time.sleep(5)


@needs_openssl
@pytest.mark.parametrize("respond", [_drip, _wait])
def test_a_server_that_dawdles(authority: Authority, respond: Respond) -> None:
    start = time.monotonic()
    found = fetched(authority, respond, timeout=0.6)
    assert time.monotonic() - start < 4
    assert found.text is None
    assert not found.theirs
    assert found.reason


def test_nobody_there() -> None:
    found = Fetcher(ZONE, port=free_port(), timeout=1).fetch("good.net")
    assert not found.theirs
    assert "127.0.0.1" in found.reason
    missing = Fetcher(ZONE).fetch("empty.net")
    assert missing.theirs
    assert "has no address" in missing.reason


def test_the_budget_ends() -> None:
    fetcher = Fetcher(ZONE, port=free_port(), timeout=1, budget=0)
    assert "used up" in fetcher.fetch("good.net").reason


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("v=TLSRPTv1; rua=mailto:a@good.net", ""),
        ("v=TLSRPTv1;rua=https://good.net/tls,mailto:a@good.net;", ""),
        ("v=TLSRPTv1;", "no `rua=`"),
        ("v=TLSRPTv1; rua=a@good.net", "neither a `mailto:`"),
        ("v=TLSRPTv1; rua=http://good.net", "neither a `mailto:`"),
    ],
)
def test_report_records(text: str, words: str) -> None:
    assert tls_rpt.is_report_record(text)
    problem = tls_rpt.record_problem(text)
    assert (problem is not None) == bool(words)
    assert problem is None or words in problem.message


def test_what_is_no_report_record(tmp_path: Path) -> None:
    assert not tls_rpt.is_report_record("v=TLSRPTv1")
    assert not tls_rpt.is_report_record("v=STSv1; id=1")
