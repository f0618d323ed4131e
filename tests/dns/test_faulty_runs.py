"""Whole runs of ``check --online`` against a server that breaks: they end, and say only "not checked"."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from lab.dns_server import FaultyServer
from maillint.cli import check as command
from maillint.dns import resolver as resolver_module

MAIN = """\
compatibility_level = 3.6
myhostname = mail.bakery.net
myorigin = $mydomain
mydestination = $myhostname, localhost
virtual_mailbox_domains = bakery.net, shop.net, baker.org
virtual_mailbox_maps = inline:{ { info@bakery.net = bakery/info/ } }
virtual_mailbox_base = /var/mail
virtual_uid_maps = static:5000
virtual_gid_maps = static:5000
smtpd_sasl_auth_enable = yes
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_tls_chain_files = /etc/ssl/private/mail.pem
"""
BUDGET = 2.0
PATIENCE = 5.0
"""Seconds that a run may take beyond the budget: the rules that need no DNS, on a busy machine."""

FAULTS = (
    "servfail", "refused", "notimp", "drop", "drip", "cutcut", "garbage", "wrongid", "wrongname", "referral",
    "loop",
)  # fmt: skip
ASKING = {"spf-missing", "dmarc-missing", "mx-missing", "fcrdns-missing", "helo-not-resolving"}


@pytest.fixture
def in_haste(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time-outs shrink, so that a run through all of them is short."""
    whole = resolver_module.Resolver

    class Hasty(whole):  # type: ignore[misc,valid-type]
        def __init__(self, server: Any, *, budget: Any) -> None:
            super().__init__(server, timeout=0.4, lifetime=0.8, budget=resolver_module.Budget(BUDGET))

    monkeypatch.setattr(resolver_module, "Resolver", Hasty)


def run(
    capsys: pytest.CaptureFixture[str], directory: Path, server: FaultyServer
) -> tuple[int, dict[str, Any], float]:
    """The exit status, the report and how long it took; all rules that ask the DNS, in this process."""
    (directory / "main.cf").write_text(MAIN)
    begin = time.monotonic()
    online = ["--online", "--resolver", server.address, "--select", "online", "--public-ip", "203.0.113.10"]
    status = command.main([*online, "--format", "json", str(directory)])
    return status, json.loads(capsys.readouterr().out), time.monotonic() - begin


def places(report: dict[str, Any]) -> set[tuple[str, int]]:
    return {(finding["rule"], finding["start"]["line"]) for finding in report["findings"]}


@pytest.mark.usefixtures("in_haste")
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_gives_no_verdict(fault: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with FaultyServer(always=fault) as server:
        status, report, seconds = run(capsys, tmp_path, server)
    assert seconds < BUDGET + PATIENCE
    assert (status, report["findings"], report["errors"]) == (0, [], [])
    assert {note["rule"] for note in report["not_checked"]} >= ASKING


@pytest.mark.usefixtures("in_haste")
def test_nobody_at_all_is_an_error_of_the_run(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with FaultyServer(always="drop", spares_root=False) as server:
        status, report, seconds = run(capsys, tmp_path, server)
    assert seconds < BUDGET + PATIENCE
    assert (status, report["findings"]) == (2, [])
    assert "no name server replies" in report["errors"][0]["message"]
    assert {note["rule"] for note in report["not_checked"]} >= ASKING


@pytest.mark.usefixtures("in_haste")
@pytest.mark.parametrize(("fault", "truth"), [("slow", "ok"), ("lie", "nothing")])
def test_what_is_said_is_true_all_the_same(
    fault: str, truth: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A slow server leaves questions open, and so does one that gives addresses to names nobody has."""
    found = []
    for always in (fault, truth):
        with FaultyServer(always=always) as server:
            _, report, seconds = run(capsys, tmp_path, server)
        assert seconds < BUDGET + PATIENCE
        found.append(report)
    faulty, right = found
    assert places(faulty) <= places(right)
    assert places(right)
    reasons = " ".join(note["reason"] for note in faulty["not_checked"])
    assert ("seconds for all DNS questions are used up" if fault == "slow" else "203.0.113.99") in reasons


def test_a_lie_is_told_by_name() -> None:
    with FaultyServer(always="lie") as server:
        asking = resolver_module.Resolver(server.address)
        found = asking.ask("mail.bakery.net", "A")
        again = asking.ask("www.bakery.net", "A")
    assert not found.certain
    assert not again.certain
    assert f"{server.address} answers 203.0.113.99 for names that do not exist, too" in found.outcome
    assert len(server.asked) == 3, "the lie is looked for once"


def test_an_honest_server_is_believed() -> None:
    with FaultyServer(always="nothing") as server:
        assert resolver_module.Resolver(server.address).ask("mail.bakery.net", "A").status == "nxdomain"
        assert server.asked == ["udp mail.bakery.net"], "where there is no address, there is no lie"
