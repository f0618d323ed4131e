"""A stranger's package of rules, through the only door there is."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from subprocess import run as run_process
from sys import executable

import pytest

from support import run_maillint

from .conftest import Check, findings

Environment = Mapping[str, str]


def test_its_finding(check: Check, stranger: Environment) -> None:
    run = check(main="myhostname = template.example.com\n", env=stranger)
    assert run.stdout == "main.cf:1:14: error: this host was never renamed [template-host]\n"
    assert run.returncode == 1


def test_its_explanation(stranger: Environment, place: Path) -> None:
    run = run_maillint("explain", "template-host", cwd=place, env=stranger)
    assert run.returncode == 0
    assert "A host that was never renamed." in run.stdout
    assert "our handbook" in run.stdout


def test_its_rules_are_listed(stranger: Environment, place: Path) -> None:
    listed = json.loads(run_maillint("rules", "--format", "json", cwd=place, env=stranger).stdout)["rules"]
    areas = {rule["id"]: rule["area"] for rule in listed}
    assert areas["template-host"] == "house"
    assert areas["quoted-value"] == "syntax"


def test_its_selection(check: Check, stranger: Environment) -> None:
    main = "myhostname = template.example.com\nsmtpd_helo_required = yes\n"
    assert "template-host" not in check("--ignore", "template-host", main=main, env=stranger).stdout
    assert check("--ignore", "house", env=stranger).stdout == ""
    assert "template-host" in check("--select", "template-host", env=stranger).stdout
    misspelt = check("--select", "template-hots", env=stranger)
    assert misspelt.returncode == 2
    assert "did you mean template-host?" in misspelt.stderr


def test_its_severity(check: Check, stranger: Environment, place: Path) -> None:
    with open(place / "maillint.toml", "a") as settings:
        settings.write('severity = {template-host = "info"}\n')
    run = check(main="myhostname = template.example.com\n", env=stranger)
    assert ": info: this host" in run.stdout
    assert run.returncode == 0


def test_its_crash_takes_nothing_else_down(check: Check, stranger: Environment) -> None:
    run = check(main="mydomain = example.com\nmyhostname = template.example.com\n", env=stranger)
    assert run.returncode == 2
    assert "[template-host]" in run.stdout
    assert "found before the bug [always-raises]" in run.stdout
    assert (
        "the rule always-raises failed (LookupError: a bug), which is a bug in stranger_rules" in run.stderr
    )
    assert "please report it" in run.stderr
    assert "Traceback" not in run.stderr
    assert "Traceback" in check("--debug", env=stranger).stderr


def test_services_with_the_same_finding_share_it(check: Check, stranger: Environment) -> None:
    master = (
        "smtp inet n - y - - smtpd\n"
        "10025 inet n - y - - smtpd\n"
        "submission inet n - y - - smtpd\n  -o smtpd_helo_required=no\n"
        "submissions inet n - y - - smtpd\n  -o smtpd_helo_required=no\n"
        "smtps inet n - y - - smtpd\n  -o syslog_name=other\n"
        "relay unix - - y - - smtp\n"
    )
    run = check("--format", "json", main="smtpd_helo_required = yes\n", master=master, env=stranger)
    found = [(finding["path"], finding["start"]["line"], finding["services"]) for finding in findings(run)]
    assert found == [
        ("main.cf", 1, ["smtp/inet", "10025/inet", "smtps/inet"]),
        ("master.cf", 4, ["submission/inet"]),
        ("master.cf", 6, ["submissions/inet"]),
    ]


def test_without_a_service_that_reads_it_main_cf_itself_is_judged(
    check: Check, stranger: Environment
) -> None:
    main = "smtpd_helo_required = yes\n"
    assert "it is yes" in check(main=main, env=stranger).stdout
    assert "it is yes" in check(main=main, master="relay unix - - y - - smtp\n", env=stranger).stdout


def test_package_that_is_not_there(check: Check, place: Path) -> None:
    (place / "maillint.toml").write_text('plugins = ["stranger_rules"]\n')
    run = check(main="myhostname = mx.example.com\n")
    assert run.returncode == 2
    assert re.search(r"maillint\.toml: plugins: .* 'stranger_rules' is not installed", run.stderr)
    assert "Traceback" not in run.stderr


def test_module_that_cannot_be_imported(check: Check, stranger: Environment, tmp_path: Path) -> None:
    (tmp_path / "site/stranger_rules/broken.py").write_text("import no_such_module\n")
    run = check(main="myhostname = mx.example.com\n", env=stranger)
    assert run.returncode == 2
    assert "stranger_rules.broken" in run.stderr
    assert "No module named 'no_such_module'" in run.stderr
    assert "Traceback" not in run.stderr


def test_its_documentation_is_tested_by_the_same_runner(stranger: Environment) -> None:
    program = (
        "from maillint.testing import cases\n"
        "for case in cases('stranger_rules'):\n"
        "    try:\n"
        "        case.check()\n"
        "    except AssertionError as error:\n"
        "        print(case, 'failed')\n"
        "    else:\n"
        "        print(case, 'passed')\n"
    )
    run = run_process(
        [executable, "-c", program], env=dict(stranger), capture_output=True, text=True, timeout=60
    )
    assert run.stdout.splitlines() == [
        "always-raises failed",  # its docstring has no sections
        "every-view failed",
        "template-host passed",
        "template-host-bad-1 passed",
        "template-host-good-1 passed",
    ], run.stderr


BROKEN = {
    "something else than a finding": "yield 'a text'",
    "a finding without a place": "yield Finding(None, 'nowhere')",
    "an unknown severity": "yield Finding(config.main.settings[0].location, 'x', severity='fatal')",
    "nothing to iterate over": "return None",
    "endless recursion": "yield from wrong(config)",
    "an exit": "raise SystemExit(0)",
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN)
def test_rule_that_gives(body: str, check: Check, stranger: Environment, tmp_path: Path) -> None:
    (tmp_path / "site/stranger_rules/wrong.py").write_text(
        '"""Wrong."""\n'
        "from maillint.engine.finding import Finding\n"
        "from maillint.engine.rule import rule\n"
        '@rule(severity="error", area="house")\n'
        f"def wrong(config):\n    {body}\n"
    )
    run = check(main="myhostname = template.example.com\n", env=stranger)
    assert run.returncode == 2
    assert "[template-host]" in run.stdout
    assert "the rule wrong failed" in run.stderr
    assert "Traceback" not in run.stderr


def test_process_that_dies(check: Check, stranger: Environment, tmp_path: Path, place: Path) -> None:
    (tmp_path / "site/stranger_rules/deadly.py").write_text(
        '"""Deadly."""\n'
        "import os\n"
        "from maillint.engine.rule import rule\n"
        '@rule(severity="error", area="house")\n'
        "def deadly(config):\n    os._exit(9)\n"
    )
    for name in ("a", "b"):
        (place / name).mkdir()
        (place / name / "main.cf").write_text("myhostname = template.example.com\n")
    run = check("--jobs", "2", env=stranger)
    assert run.returncode == 2
    assert "a process of this run was killed" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.fixture
def echo(stranger: Environment, tmp_path: Path) -> Environment:
    """Another rule, unsure of itself, that says what it was told about the configuration."""
    (tmp_path / "site/stranger_rules/echo.py").write_text(
        '"""Echo."""\n'
        "from maillint.engine.finding import LOW, Finding\n"
        "from maillint.engine.rule import rule\n"
        '@rule(severity="info", area="house", complete=True)\n'
        "def echo(config):\n"
        "    said = f'{config.version} {config.version_given} {config.hostname}'\n"
        "    yield Finding(config.main.settings[0].location, said, confidence=LOW)\n"
    )
    return stranger


def test_what_a_rule_is_told(check: Check, echo: Environment, place: Path) -> None:
    assert "False None [echo]" in check(main="biff = no\n", env=echo).stdout
    told = check("--postfix-version", "3.4.23", "--hostname", "mx.example.com", env=echo)
    assert "3.4.23 True mx.example.com [echo]" in told.stdout
    with open(place / "maillint.toml", "a") as settings:
        settings.write('postfix-version = "3.7"\nhostname = "mail.example.com"\n')
    assert "3.7 True mail.example.com [echo]" in check(env=echo).stdout
    assert "3.4 True mail.example.com [echo]" in check("--postfix-version", "3.4", env=echo).stdout


def test_unsure_findings_can_be_left_out(check: Check, echo: Environment) -> None:
    assert "[echo]" in check("--min-confidence", "low", main="biff = no\n", env=echo).stdout
    assert check("--min-confidence", "medium", env=echo).stdout == ""


def test_rule_about_what_is_missing_leaves_fragments_alone(
    check: Check, echo: Environment, place: Path
) -> None:
    (place / "50-biff.cf").write_text("biff = no\n")
    (place / "main.cf").write_text("biff = no\n")
    assert check("50-biff.cf", env=echo).stdout == ""
    assert "[echo]" in check("main.cf", env=echo).stdout
