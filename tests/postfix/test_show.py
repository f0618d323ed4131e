"""The command ``maillint show``: its options, and its answers to what cannot be shown."""

import json
import os
from pathlib import Path

import pytest

from support import needs_postfix, run_maillint, run_postconf_in

MAIN = "myhostname = mail.example.com\nmydestination = $myhostname,\n  localhost\nmade_up = x\nunused = y\n"
MASTER = "submission inet n - y - - smtpd\n  -o smtpd_sasl_auth_enable=yes -o smtpd_banner=$made_up\n"


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    (tmp_path / "main.cf").write_text(MAIN)
    (tmp_path / "master.cf").write_text(MASTER)
    return tmp_path


def test_what_main_cf_sets(directory: Path) -> None:
    run = run_maillint("show", directory)
    assert run.stdout.splitlines() == [
        f"config_directory = {directory}",
        "made_up = x",
        "mydestination = $myhostname, localhost",
        "myhostname = mail.example.com",
    ]
    assert (run.returncode, run.stderr) == (0, "")


def test_expanded_in_json(directory: Path) -> None:
    run = run_maillint("show", "--expand", "--format", "json", cwd=directory)
    assert json.loads(run.stdout) == {
        "version": 1,
        "parameters": {
            "config_directory": ".",
            "made_up": "x",
            "mydestination": "mail.example.com, localhost",
            "myhostname": "mail.example.com",
        },
    }


def test_a_service(directory: Path) -> None:
    run = run_maillint("show", directory, "--service", "submission/inet")
    lines = ["submission/inet/smtpd_banner = $made_up", "submission/inet/smtpd_sasl_auth_enable = yes"]
    assert run.stdout.splitlines() == lines
    assert (
        "smtpd_banner = x"
        in run_maillint("show", directory, "--service", "submission/inet", "--expand").stdout
    )


def test_no_such_service(directory: Path) -> None:
    run = run_maillint("show", directory, "--service", "smtp/inet")
    assert (run.returncode, run.stdout) == (2, "")
    assert "smtp/inet" in run.stderr


def test_defaults(directory: Path) -> None:
    lines = run_maillint("show", directory, "--defaults", "--hostname", "a.example").stdout.splitlines()
    assert "myhostname = a.example" in lines
    assert "smtpd_banner = $myhostname ESMTP $mail_name" in lines
    lines = run_maillint(
        "show", directory, "--defaults", "--expand", "--hostname", "a.example"
    ).stdout.splitlines()
    assert "smtpd_banner = a.example ESMTP Postfix" in lines


def test_defaults_of_a_version(directory: Path) -> None:
    old = run_maillint("show", directory, "--defaults", "--postfix-version", "2.9").stdout.splitlines()
    assert not any(line.startswith("smtputf8_enable") for line in old)


@pytest.mark.parametrize(
    ("main", "master", "place"),
    [
        ("a = b\nmyhostname\n", "", "main.cf:2:1: "),
        ("myhostname = ${x\n", "", "main.cf:1:1: "),
        ("", "smtp inet n\n", "master.cf:1:1: "),
        ("", "# x\nsmtp inet n - y 5x - smtpd\n", "master.cf:2:17: "),
        ("inet_protocols = ipv5\n", "", "main.cf:1:1: "),
        ("x = $y\ny = $x\nrelayhost = $x\n", "", "main.cf:3:1: "),
    ],
)
def test_what_postfix_refuses(directory: Path, main: str, master: str, place: str) -> None:
    (directory / "main.cf").write_text(main)
    (directory / "master.cf").write_text(master)
    run = run_maillint("show", directory)
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith("maillint: ")
    assert place in run.stderr
    assert "Traceback" not in run.stderr


def test_nothing_to_show(tmp_path: Path) -> None:
    run = run_maillint("show", tmp_path)
    assert (run.returncode, run.stdout) == (2, "")
    assert "no main.cf" in run.stderr
    assert run_maillint("show", tmp_path / "nosuch").returncode == 2
    assert run_maillint("show", tmp_path, "--postfix-version", "x").returncode == 2


@needs_postfix
def test_bytes_that_are_no_text(directory: Path) -> None:
    (directory / "main.cf").write_bytes(b"myhostname = \xff\xe9\n")
    os.utime(directory / "main.cf", (0, 0))
    for environment in ({}, {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}):
        ours = run_maillint("show", directory, env=environment).stdout
        assert ours == run_postconf_in(directory, "-n").stdout
