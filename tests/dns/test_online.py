"""``maillint check --online`` as a process, against the real nsd and a server that breaks."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from lab.dns_server import FaultyServer, free_port, nsd
from support import needs_nsd, run_maillint

ROOT_ZONE = """\
$TTL 60
.                       SOA   ns.bakery.net. admin.bakery.net. 1 3600 600 86400 60
.                       NS    ns.bakery.net.
ns.bakery.net.          A     127.0.0.1
good.net.               TXT   "v=spf1 ip4:192.0.2.1 -all"
upper.net.              TXT   "V=SPF1 ip4:192.0.2.1 -all"
split.net.              TXT   "v=sp" "f1 ip4:192.0.2.1 -all"
alias.net.              CNAME good.net.
others.net.             TXT   "MS=ms123"
others.net.             TXT   "v=spf1 -all"
none.net.               A     192.0.2.1
text.net.               TXT   "MS=ms123"
ten.net.                TXT   "v=spf10 -all"
quoted.net.             TXT   "\\"v=spf1 -all\\""
two.net.                TXT   "v=spf1 ip4:192.0.2.1 -all"
two.net.                TXT   "v=spf1 include:spf.mailer.net ~all"
*.wild.net.             TXT   "v=spf1 -all"
"""

ONLINE_RULES = "spf-missing,spf-multiple-records"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with nsd({".": ROOT_ZONE}) as address:
        yield address


def check(
    directory: Path, resolver: str, main: str, *options: str, master: str | None = None
) -> CompletedProcess[str]:
    (directory / "main.cf").write_text(main)
    if master is not None:
        (directory / "master.cf").write_text(master)
    return run_maillint(
        "check",
        "--online",
        "--resolver",
        resolver,
        "--select",
        ONLINE_RULES,
        "--format",
        "json",
        *options,
        str(directory),
    )


def report(process: CompletedProcess[str], status: int) -> dict[str, Any]:
    assert process.returncode == status, process.stderr
    found: dict[str, Any] = json.loads(process.stdout)
    assert found["errors"] == []
    return found


def only_finding(process: CompletedProcess[str], status: int = 1) -> dict[str, Any]:
    found = report(process, status)
    assert found["not_checked"] == []
    (finding,) = found["findings"]
    assert isinstance(finding, dict)
    return finding


@needs_nsd
@pytest.mark.parametrize("domain", ["good", "upper", "split", "alias", "others", "x.wild"])
def test_a_record_is_found(server: str, tmp_path: Path, domain: str) -> None:
    found = report(check(tmp_path, server, f"myorigin = {domain}.net\n"), 0)
    assert (found["findings"], found["not_checked"]) == ([], [])


@needs_nsd
@pytest.mark.parametrize(
    ("domain", "words"),
    [
        ("missing.net", "does not exist (`missing.net TXT`"),
        ("none.net", "no SPF record (`none.net TXT`"),
        ("text.net", "no SPF record among its TXT records"),
        ("ten.net", "`v=spf10 -all` for SPF: the version must be exactly `v=spf1`"),
        ("quoted.net", "begins with a quotation mark"),
        ("wild.net", "no SPF record"),
    ],
)
def test_no_record_is_a_finding(server: str, tmp_path: Path, domain: str, words: str) -> None:
    finding = only_finding(check(tmp_path, server, f"# our host\nmyorigin = {domain}\n"))
    assert (finding["rule"], finding["severity"], finding["confidence"]) == ("spf-missing", "error", "high")
    assert finding["start"] == {"line": 2, "column": 12}
    assert words in finding["message"]
    assert f"asked of {server}" in finding["message"]
    assert f"user@{domain} (`myorigin = {domain}`)" in finding["message"]
    assert "550-5.7.26" in finding["message"]
    assert f'{domain}. 3600 IN TXT "v=spf1 ip4:ADDRESS ~all"' in finding["mend"]


@needs_nsd
@pytest.mark.parametrize("relayhost", ["", "[mail.isp.net]"])
def test_no_record_is_proposed_where_nobody_can_publish_one(
    server: str, tmp_path: Path, relayhost: str
) -> None:
    main = f"myorigin = web01.openstacklocal\nrelayhost = {relayhost}\n"
    finding = only_finding(check(tmp_path, server, main), 0 if relayhost else 1)
    assert "does not exist" in finding["message"]
    assert "there is no top-level domain `openstacklocal`" in finding["mend"]
    assert "TXT" not in finding["mend"]


@needs_nsd
def test_the_way_to_the_domain_is_told(server: str, tmp_path: Path) -> None:
    main = "myhostname = web01.none.net\nmyorigin = $mydomain\nsmtp_bind_address = 203.0.113.5\n"
    finding = only_finding(check(tmp_path, server, main))
    assert "(`myorigin = $mydomain`, `myhostname = web01.none.net`)" in finding["message"]
    assert finding["start"] == {"line": 2, "column": 12}
    assert [place["start"]["line"] for place in finding["related"]] == [1]
    assert 'none.net. 3600 IN TXT "v=spf1 ip4:203.0.113.5 ~all"' in finding["mend"]


@needs_nsd
def test_a_host_name_as_domain_belongs_to_the_host_alone(server: str, tmp_path: Path) -> None:
    finding = only_finding(check(tmp_path, server, "myhostname = web01.none.net\n"))
    assert "(`myorigin` not set, `myhostname = web01.none.net`)" in finding["message"]
    assert finding["start"]["line"] == 1
    assert 'web01.none.net. 3600 IN TXT "v=spf1 ip4:ADDRESS -all"' in finding["mend"]


@needs_nsd
def test_the_host_name_may_be_told(server: str, tmp_path: Path) -> None:
    finding = only_finding(
        check(tmp_path, server, "inet_interfaces = loopback-only\n", "--hostname", "web01.none.net")
    )
    assert "user@web01.none.net (`myorigin` not set, host name `web01.none.net`)" in finding["message"]


@needs_nsd
def test_a_relay_makes_it_advice(server: str, tmp_path: Path) -> None:
    main = "myorigin = none.net\nrelayhost = [mail.isp.net]:587\n"
    finding = only_finding(check(tmp_path, server, main), 0)
    assert finding["severity"] == "info"
    assert "through the relay `[mail.isp.net]:587`" in finding["message"]
    assert "Gmail" not in finding["message"]
    assert "include:" in finding["mend"]


@needs_nsd
@pytest.mark.parametrize(
    ("setting", "words", "confidence"),
    [
        ("non_smtpd_milters = inet:localhost:8891", "`non_smtpd_milters` gives it a valid DKIM", "high"),
        ("transport_maps = hash:/etc/postfix/transport", "`transport_maps` may send it", "medium"),
    ],
)
def test_what_may_help_makes_it_a_warning(
    server: str, tmp_path: Path, setting: str, words: str, confidence: str
) -> None:
    finding = only_finding(check(tmp_path, server, f"myorigin = none.net\n{setting}\n"))
    assert (finding["severity"], finding["confidence"]) == ("warning", confidence)
    assert words in finding["message"]


@needs_nsd
def test_several_records(server: str, tmp_path: Path) -> None:
    finding = only_finding(check(tmp_path, server, "myorigin = two.net\n"))
    assert (finding["rule"], finding["severity"]) == ("spf-multiple-records", "error")
    assert "2 SPF records (`two.net TXT`, asked of" in finding["message"]
    assert 'two.net. 3600 IN TXT "v=spf1 include:spf.mailer.net ip4:192.0.2.1 ~all"' in finding["mend"]


@needs_nsd
@pytest.mark.parametrize(
    ("main", "words"),
    [
        ("mail_name = Postfix\n", "tell it with --hostname"),
        ("myorigin = {{ domain }}\n", "template"),
        ("myorigin = /etc/mailname\n", "/etc/mailname"),
        ("myhostname = localhost.localdomain\n", "`localdomain`"),
        ("myorigin = example.com\n", "reserved for examples"),
        ("myorigin = mail_@domain@.net\n", "not the name of a domain"),
        ("myorigin = web..net\n", "not the name of a domain"),
        ("myorigin = none.net\ncanonical_maps = hash:/etc/postfix/canonical\n", "canonical_maps"),
    ],
)
def test_what_cannot_be_asked_is_not_checked(server: str, tmp_path: Path, main: str, words: str) -> None:
    found = report(check(tmp_path, server, main), 0)
    assert found["findings"] == []
    assert {note["rule"] for note in found["not_checked"]} == set(ONLINE_RULES.split(","))
    assert all(words in note["reason"] for note in found["not_checked"])


@needs_nsd
@pytest.mark.parametrize(
    ("main", "master"),
    [
        ("myorigin = none.net\ndefault_transport = error:no mail leaves this host\n", None),
        ("myorigin = none.net\n", "smtp inet n - y - - smtpd\nsmtp unix - - y - - smtp\n"),
    ],
)
def test_mail_that_never_leaves_needs_no_record(
    server: str, tmp_path: Path, main: str, master: str | None
) -> None:
    found = report(check(tmp_path, server, main, master=master), 0)
    assert (found["findings"], found["not_checked"]) == ([], [])


@needs_nsd
def test_a_fragment_is_not_asked_about(server: str, tmp_path: Path) -> None:
    path = tmp_path / "part.cf"
    path.write_text("myorigin = none.net\n")
    process = run_maillint("check", "--online", "--resolver", server, "--format", "json", str(path))
    assert [found["rule"] for found in json.loads(process.stdout)["findings"]] == []


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("servfail", "SERVFAIL"),
        ("refused", "REFUSED"),
        ("garbage", "makes no sense"),
        ("wrongid", "makes no sense"),
        ("referral", "referral"),
        ("cutcut", "TCP"),
    ],
)
def test_no_answer_is_not_checked(tmp_path: Path, kind: str, words: str) -> None:
    with FaultyServer() as server:
        found = report(check(tmp_path, server.address, f"myorigin = {kind}.bakery.net\n"), 0)
    assert found["findings"] == []
    assert {note["rule"] for note in found["not_checked"]} == set(ONLINE_RULES.split(","))
    for note in found["not_checked"]:
        assert words in note["reason"]
        assert note["question"] == f"{kind}.bakery.net TXT"
        assert note["start"] == {"line": 1, "column": 12}


def test_silence_ends_in_time(tmp_path: Path) -> None:
    start = time.monotonic()
    with FaultyServer() as server:
        process = check(tmp_path, server.address, "myorigin = drop.bakery.net\n")
        assert server.asked == ["udp .", *["udp drop.bakery.net"] * 3]
    assert time.monotonic() - start < 6 + 3
    notes = json.loads(process.stdout)["not_checked"]
    assert notes
    assert all("no reply" in note["reason"] for note in notes)


@pytest.mark.parametrize("kind", ["cut", "noedns"])
def test_the_long_way_to_an_answer(tmp_path: Path, kind: str) -> None:
    with FaultyServer() as server:
        found = report(check(tmp_path, server.address, f"myorigin = {kind}.bakery.net\n"), 0)
    assert (found["findings"], found["not_checked"]) == ([], [])


@pytest.mark.parametrize("resolver", ["127.0.0.1:53", "dns.bakery.net", "127.0.0.1#0"])
def test_a_resolver_that_cannot_be_one(tmp_path: Path, resolver: str) -> None:
    process = check(tmp_path, resolver, "myorigin = bakery.net\n")
    assert process.returncode == 2
    assert "resolver" in process.stderr
    assert process.stdout == ""


@needs_nsd
def test_several_configurations_ask_once(tmp_path: Path) -> None:
    paths = []
    for number in range(3):
        directory = tmp_path / str(number)
        directory.mkdir()
        (directory / "main.cf").write_text("myorigin = ok.bakery.net\n")
        paths.append(str(directory))
    with FaultyServer() as server:
        process = run_maillint(
            "check", "--online", "--resolver", server.address, "--select", ONLINE_RULES, *paths
        )
        assert server.asked == ["udp .", "udp ok.bakery.net"]
    assert process.returncode == 0


def test_offline_asks_nobody(tmp_path: Path) -> None:
    (tmp_path / "main.cf").write_text("myorigin = ok.bakery.net\n")
    with FaultyServer() as server:
        run_maillint("check", "--resolver", server.address, str(tmp_path))
        assert server.asked == []


def test_nobody_to_ask(tmp_path: Path) -> None:
    process = check(tmp_path, f"127.0.0.1#{free_port()}", "myorigin = ok.bakery.net\n")
    assert json.loads(process.stdout)["findings"] == []
    assert process.returncode == 2
    assert "no name server replies (127.0.0.1#" in process.stderr
