"""The configuration and the DNS say why the mail of a log has failed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from support import ROOT, run_maillint

EXAMPLE = ROOT / "examples" / "gmail-bounce"

MAIN_CF = """\
compatibility_level = 3.6
myhostname = web01.example.com
inet_interfaces = loopback-only
"""
MASTER_CF = "pickup unix n - n 60 1 pickup\ncleanup unix n - n - 0 cleanup\nsmtp unix - - n - - smtp\n"

REFUSED = (
    "2025-03-04T10:0{at}:00+01:00 web01 postfix/qmgr[2]: ABCDE{at}12: from=<{sender}>, size=1, nrcpt=1"
    " (queue active)\n"
    "2025-03-04T10:0{at}:01+01:00 web01 postfix/smtp[3]: ABCDE{at}12: to=<b@gmail.com>,"
    " relay=gmail-smtp-in.l.google.com[192.0.2.1]:25, delay=1, delays=0/0/0/1, dsn=5.7.26, status=bounced"
    " (host gmail-smtp-in.l.google.com[192.0.2.1] said: 550-5.7.26 Gmail requires all senders to authenticate"
    " with either SPF or DKIM. 550-5.7.26 SPF [{domain}] with ip: [203.0.113.7] = did not pass 550 5.7.26 x"
    " (in reply to end of DATA command))\n"
)


def refused(place: Path, *senders: str) -> Path:
    path = place / "mail.log"
    path.write_text(
        "".join(
            REFUSED.format(at=at, sender=sender, domain=sender.partition("@")[2])
            for at, sender in enumerate(senders)
        )
    )
    return path


def configuration(place: Path, main: str = MAIN_CF) -> Path:
    (place / "etc").mkdir()
    (place / "etc" / "main.cf").write_text(main)
    (place / "etc" / "master.cf").write_text(MASTER_CF)
    return place / "etc"


def causes(*arguments: str | Path) -> list[dict[str, Any]]:
    run = run_maillint("diagnose", "--format", "json", *arguments)
    assert run.returncode == 1, run.stderr
    found: list[dict[str, Any]] = json.loads(run.stdout)["causes"]
    return found


def test_the_example() -> None:
    [cause] = causes(EXAMPLE / "mail.log", "--config", EXAMPLE / "before")
    assert cause["cause"] == "sender-not-authenticated"
    assert cause["findings"][0]["rule"] == "myorigin-unset"
    assert cause["left_as"]["sender"] == "nginx@web01.example.com"
    assert cause["left_as"]["address"] == "203.0.113.10"
    assert cause["left_as"]["settings"]


def test_the_report_of_the_example_is_one_screen() -> None:
    run = run_maillint("diagnose", EXAMPLE / "mail.log", "--config", EXAMPLE / "before")
    assert len(run.stdout.splitlines()) <= 40


def test_the_mended_example_explains_nothing() -> None:
    [cause] = causes(EXAMPLE / "mail.log", "--config", EXAMPLE / "after")
    assert cause["findings"] == []


def test_a_finding_about_another_sender_is_none(tmp_path: Path) -> None:
    etc = configuration(tmp_path)
    [own] = causes(refused(tmp_path, "nginx@web01.example.com"), "--config", etc)
    assert "myorigin-unset" in {finding["rule"] for finding in own["findings"]}
    [other] = causes(refused(tmp_path, "shop@example.org"), "--config", etc)
    assert "myorigin-unset" not in {finding["rule"] for finding in other["findings"]}


def test_the_dns_is_asked_with_what_receivers_told(tmp_path: Path) -> None:
    """Nothing in the configuration tells the address; the refusal does."""
    zone = tmp_path / "zone"
    zone.write_text(
        'web01.example.com. 60 TXT "v=spf1 ip4:192.0.2.99 -all"\nweb01.example.com. 60 A 203.0.113.7\n'
        "7.113.0.203.in-addr.arpa. 60 PTR web01.example.com.\n"
    )
    etc = configuration(tmp_path, MAIN_CF + "myorigin = $myhostname\n")
    [cause] = causes(refused(tmp_path, "nginx@web01.example.com"), "--config", etc, "--zone", zone)
    assert cause["left_as"]["spf"]["result"] == "fail"
    assert "spf-host-not-authorised" in {finding["rule"] for finding in cause["findings"]}


def test_spf_without_a_configuration(tmp_path: Path) -> None:
    zone = tmp_path / "zone"
    zone.write_text(
        "example.com. 60 SOA ns1.example.com. hostmaster.example.com. 1 7200 3600 1209600 60\n"
        "example.com. 60 NS ns1.example.com.\nweb01.example.com. 60 A 203.0.113.7\n"
    )
    [cause] = causes(refused(tmp_path, "nginx@web01.example.com"), "--zone", zone)
    assert cause["left_as"]["spf"]["result"] == "none"
    run = run_maillint("diagnose", tmp_path / "mail.log", "--zone", zone)
    assert "SPF of web01.example.com: none" in run.stdout


def test_settings_and_places_that_cannot_be_used(tmp_path: Path) -> None:
    path = refused(tmp_path, "a@example.com")
    (tmp_path / "empty").mkdir()
    for arguments in (
        ("--config", tmp_path / "none"),
        ("--config", tmp_path / "empty"),
        ("--zone", tmp_path / "none"),
        ("--public-ip", "x"),
        ("--postfix-version", "x"),
        ("--dns-replay", tmp_path / "none"),
    ):
        run = run_maillint("diagnose", path, *arguments)
        assert run.returncode == 2, arguments
        assert run.stderr.startswith("maillint: ") and "Traceback" not in run.stderr, run.stderr


def test_an_ignored_rule_may_be_the_cause_all_the_same(tmp_path: Path) -> None:
    etc = configuration(tmp_path, f"# maillint: ignore[myorigin-unset] as we like it\n{MAIN_CF}")
    (etc / "maillint.toml").write_text('ignore = ["myorigin-unset"]\n')
    [cause] = causes(refused(tmp_path, "nginx@web01.example.com"), "--config", etc)
    assert "myorigin-unset" in {finding["rule"] for finding in cause["findings"]}


def test_a_complaint_that_no_pattern_knows(tmp_path: Path) -> None:
    """The rule whose page has these words of Postfix finds the place."""
    etc = configuration(tmp_path, f"{MAIN_CF}inet_protocols = IPv4\n")
    path = tmp_path / "mail.log"
    said = 'fatal: unknown inet_protocols value "IPv4" in "IPv4"'
    path.write_text(f"2025-03-04T10:00:00+01:00 web01 postfix/smtp[3]: {said}\n")
    [cause] = causes(path, "--config", etc)
    assert cause["cause"] == "unknown"
    assert [finding["rule"] for finding in cause["findings"]] == ["bad-inet-protocols"]
    run = run_maillint("diagnose", path, "--config", etc)
    assert "main.cf:4" in run.stdout
