"""Rules that a site writes into its settings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support import run_maillint

MAIN = """\
myhostname = mx.example.com
smtp_tls_security_level = may
smtpd_recipient_restrictions = permit_mynetworks,
  check_client_access static:ok, reject_unauth_destination
maximal_queue_lifetime = 2d
message_size_limit = 20000000
"""
MASTER = """\
smtp inet n - n - - smtpd
submission inet n - n - - smtpd
  -o smtpd_tls_security_level=may
smtp unix - - n - - smtp
relay unix - - n - - smtp
  -o smtp_tls_security_level=encrypt
"""

Found = tuple[str, int, tuple[str, ...]]
"""The file, the line and the services of a finding."""


def found(directory: Path, table: str, *arguments: str) -> list[Found]:
    """What the demand in *table* finds in the files above."""
    (directory / "main.cf").write_text(MAIN)
    (directory / "master.cf").write_text(MASTER)
    (directory / "maillint.toml").write_text(f'[[site]]\nname = "ours"\n{table}\n')
    run = run_maillint("check", "--select", "site", "--format", "json", *arguments, ".", cwd=directory)
    assert run.returncode in (0, 1), run.stderr
    return [
        (finding["path"], finding["start"]["line"], tuple(finding["services"]))
        for finding in json.loads(run.stdout)["findings"]
    ]


TLS = 'parameter = "smtp_tls_security_level"\n'


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (TLS + 'one-of = ["encrypt", "dane"]', [("main.cf", 2, ("smtp/unix",))]),
        (TLS + 'one-of = ["MAY", "encrypt"]', []),
        (TLS + "set = true", []),
        ('parameter = "myorigin"\nset = true', [("main.cf", 1, ())]),
        (
            'parameter = "smtpd_tls_security_level"\none-of = ["encrypt"]\nservices = ["submission/inet"]',
            [("master.cf", 3, ("submission/inet",))],
        ),
        (TLS + 'one-of = ["dane"]\nservices = ["smtp"]', [
            ("main.cf", 2, ("smtp/unix",)), ("master.cf", 6, ("relay/unix",)),
        ]),
        (
            'parameter = "smtpd_recipient_restrictions"\nnot-contain = ["check_client_access"]',
            [("main.cf", 4, ("smtp/inet", "submission/inet"))],
        ),
        (
            'parameter = "smtpd_recipient_restrictions"\ncontain = ["reject_unauth_destination"]',
            [],
        ),
        (
            'parameter = "smtpd_recipient_restrictions"\ncontain = ["reject_unlisted_recipient"]',
            [("main.cf", 3, ("smtp/inet", "submission/inet"))],
        ),
        ('parameter = "maximal_queue_lifetime"\nat-most = "36h"', [("main.cf", 5, ())]),
        ('parameter = "maximal_queue_lifetime"\nat-least = "1d"\nat-most = 2', []),
        ('parameter = "message_size_limit"\nat-least = "20M"', [("main.cf", 6, ())]),
        ('parameter = "message_size_limit"\nat-least = "19M"', []),
        ('parameter = "bounce_queue_lifetime"\nat-most = "1d"', [("main.cf", 1, ())]),
        ('parameter = "myorigin"\nset = true\nroles = ["list-server"]', []),
        ('parameter = "myorigin"\none-of = ["example.com"]\nseverity = "info"', None),
    ],
)  # fmt: skip
def test_demands(tmp_path: Path, table: str, expected: list[Found] | None) -> None:
    findings = found(tmp_path, table)
    if expected is None:
        assert findings
        return
    lines = [(path, line) for path, line, _ in findings]
    assert lines == [(path, line) for path, line, _ in expected]
    for (_, _, services), (_, _, wanted) in zip(findings, expected, strict=True):
        assert not wanted or services == wanted


def test_only_for_hosts_with_the_role(tmp_path: Path) -> None:
    table = 'parameter = "myorigin"\nset = true\nroles = ["mx"]'
    ((path, line, _),) = found(tmp_path, table, "--role", "mx,submission")
    assert (path, line) == ("main.cf", 1)
    assert found(tmp_path, table, "--role", "submission") == []


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ('parameter = "myorigin"\nset = true', "`myorigin` is not set, and this site demands that it is"),
        (
            'parameter = "bounce_queue_lifetime"\nat-most = "1d"\nmessage = "So says HR"',
            "So says HR (`bounce_queue_lifetime` is `5d` by default, and this site demands at most 1d)",
        ),
        (
            TLS + 'one-of = ["dane"]',
            "`smtp_tls_security_level` is `may`, and this site demands one of `dane`",
        ),
    ],
)
def test_the_message_tells_what_is_there_and_what_is_demanded(
    tmp_path: Path, table: str, message: str
) -> None:
    found(tmp_path, table)
    run = run_maillint("check", "--select", "site", "--format", "json", ".", cwd=tmp_path)
    assert json.loads(run.stdout)["findings"][0]["message"] == message


def test_it_is_a_rule_like_any_other(tmp_path: Path) -> None:
    table = (
        TLS + 'one-of = ["dane"]\nmessage = "we send only encrypted"\nlink = "https://wiki.example.com/tls"\n'
    )
    assert found(tmp_path, table, "--ignore", "ours") == []
    assert found(tmp_path, table, "--select", "ours")
    run = run_maillint("check", "--select", "ours", ".", cwd=tmp_path)
    assert "warning[ours]: we send only encrypted (`smtp_tls_security_level` is `may`" in run.stdout
    assert "write `smtp_tls_security_level = dane`; see https://wiki.example.com/tls" in run.stdout
    assert "ours" in run_maillint("rules", "site", cwd=tmp_path).stdout
    page = run_maillint("explain", "ours", cwd=tmp_path).stdout
    assert "we send only encrypted" in page
    assert "https://wiki.example.com/tls" in page
    log = json.loads(run_maillint("check", "--select", "ours", "--format", "sarif", ".", cwd=tmp_path).stdout)
    assert log["runs"][0]["tool"]["driver"]["rules"][0]["id"] == "ours"


def test_its_link_goes_with_the_finding(tmp_path: Path) -> None:
    page = "https://wiki.example.com/origin"
    found(tmp_path, f'parameter = "myorigin"\nset = true\nlink = "{page}"')
    run = run_maillint(
        "check", "--select", "site", "--format", "json", "--output", "sarif=report.sarif", ".", cwd=tmp_path
    )
    assert [finding["url"] for finding in json.loads(run.stdout)["findings"]] == [page]
    (report,) = json.loads((tmp_path / "report.sarif").read_text())["runs"]
    assert [rule["helpUri"] for rule in report["tool"]["driver"]["rules"]] == [page]


def test_it_can_be_silenced(tmp_path: Path) -> None:
    found(tmp_path, TLS + 'one-of = ["encrypt"]')
    text = MAIN.replace("smtp_tls", "# maillint: ignore[ours] the old printer\nsmtp_tls", 1)
    (tmp_path / "main.cf").write_text(text)
    run = run_maillint("check", "--select", "ours,ignores", ".", cwd=tmp_path)
    assert (run.returncode, run.stdout) == (0, "")


def test_a_name_that_is_taken(tmp_path: Path) -> None:
    (tmp_path / "main.cf").write_text(MAIN)
    (tmp_path / "maillint.toml").write_text(
        '[[site]]\nname = "quoted-value"\nparameter = "myorigin"\nset = true\n'
    )
    run = run_maillint("check", ".", cwd=tmp_path)
    assert run.returncode == 2
    assert "two rules have the id quoted-value" in run.stderr


def test_what_is_missing_from_a_fragment_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "maillint.toml").write_text(f'[[site]]\nname = "ours"\n{TLS}one-of = ["dane"]\n')
    (tmp_path / "some.cf").write_text("mail_name = Postfix\n")
    assert run_maillint("check", "some.cf", cwd=tmp_path).stdout == ""
    (tmp_path / "some.cf").write_text("smtp_tls_security_level = may\n")
    assert "[ours]" in run_maillint("check", "some.cf", cwd=tmp_path).stdout
