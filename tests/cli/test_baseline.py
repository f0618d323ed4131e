"""``maillint check --baseline``: known findings wait, new ones are reported."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support import run_maillint

TWO = "smtpd_banner = \"$myhostname ESMTP\"\nsyslog_name = 'postfix'\n"
"""Two values in quotation marks."""


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "some.cf").write_text(TWO)
    return tmp_path


def check(directory: Path, *arguments: str, status: int = 0) -> tuple[list[str], str]:
    """The findings, as line:rule, and what is said on standard error."""
    run = run_maillint("check", "--format", "json", *arguments, "sub/some.cf", cwd=directory)
    assert run.returncode == status, run.stderr
    findings = json.loads(run.stdout)["findings"]
    return [f"{finding['start']['line']}:{finding['rule']}" for finding in findings], run.stderr


def update(directory: Path) -> str:
    return check(directory, "--baseline", "known.json", "--update-baseline")[1]


def edit(directory: Path, text: str) -> None:
    (directory / "sub" / "some.cf").write_text(text)


def test_known_findings_wait(directory: Path) -> None:
    assert check(directory, status=1)[0] == ["1:quoted-value", "2:quoted-value"]
    assert "2 added, 0 removed" in update(directory)
    assert check(directory, "--baseline", "known.json")[0] == []


def test_one_mended_and_one_made_are_both_seen(directory: Path) -> None:
    update(directory)
    edit(directory, "smtpd_banner = $myhostname ESMTP\nsyslog_name = 'postfix'\nsyslog_facility = \"mail\"\n")
    findings, said = check(directory, "--baseline", "known.json", status=1)
    assert findings == ["3:quoted-value"]
    assert "no longer found" in said
    assert "sub/some.cf: quoted-value (smtpd_banner)" in said


def test_moved_lines_stay_known(directory: Path) -> None:
    update(directory)
    edit(directory, "# a comment\nmail_name = Postfix\n" + TWO)
    findings, said = check(directory, "--baseline", "known.json")
    assert findings == []
    assert "no longer" not in said


@pytest.mark.parametrize("jobs", ["1", "3"])
def test_what_is_left_out_as_not_sure_enough_stays_known(tmp_path: Path, jobs: str) -> None:
    for name in ("one", "two", "three"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.cf").write_text(TWO + "no_such_parameter = 1\n")
    known = tmp_path / "known.json"

    def said(*arguments: str) -> str:
        run = run_maillint("check", "--baseline", known.name, *arguments, "--jobs", jobs, cwd=tmp_path)
        assert (run.returncode, run.stdout) == (0, ""), run.stderr
        return run.stderr

    said("--update-baseline")
    before = known.read_text()
    assert "unknown-parameter" in before
    assert "no longer" not in said("--min-confidence", "high")
    assert " 0 removed" in said("--min-confidence", "high", "--update-baseline")
    assert known.read_text() == before


def test_a_patch_says_nothing_of_the_baseline(directory: Path) -> None:
    update(directory)
    run = run_maillint("check", "--baseline", "known.json", "--diff", "sub/some.cf", cwd=directory)
    assert run.returncode == 1
    assert "no longer" not in run.stderr


def test_it_never_grows_by_itself(directory: Path) -> None:
    update(directory)
    before = (directory / "known.json").read_bytes()
    edit(directory, TWO + 'syslog_facility = "mail"\n')
    assert check(directory, "--baseline", "known.json", status=1)[0] == ["3:quoted-value"]
    assert (directory / "known.json").read_bytes() == before


def test_update_says_what_it_adds_and_removes(directory: Path) -> None:
    update(directory)
    edit(directory, "syslog_name = 'postfix'\nsyslog_facility = \"mail\"\n")
    said = update(directory)
    assert "1 added, 1 removed" in said
    assert "new: sub/some.cf:2: quoted-value" in said
    assert check(directory, "--baseline", "known.json")[0] == []


def test_what_was_not_looked_at_stays(directory: Path) -> None:
    update(directory)
    (directory / "other.cf").write_text(TWO)
    run = run_maillint("check", "--baseline", "known.json", "--update-baseline", "other.cf", cwd=directory)
    assert "2 added, 0 removed" in run.stderr
    _, said = check(directory, "--baseline", "known.json", "--ignore", "quoted-value")
    assert "no longer" not in said
    assert check(directory, "--baseline", "known.json")[0] == []


def test_a_file_that_is_gone_goes_from_it(directory: Path) -> None:
    update(directory)
    (directory / "other.cf").write_text(TWO)
    (directory / "sub" / "some.cf").unlink()
    run = run_maillint("check", "--baseline", "known.json", "--update-baseline", "other.cf", cwd=directory)
    assert "2 added, 2 removed" in run.stderr


def test_seen_from_its_own_directory(directory: Path) -> None:
    update(directory)
    run = run_maillint("check", "--baseline", "../known.json", "some.cf", cwd=directory / "sub")
    assert run.returncode == 0, run.stdout


def test_named_in_the_settings(directory: Path) -> None:
    update(directory)
    (directory / "maillint.toml").write_text('baseline = "known.json"\n')
    run = run_maillint("check", "some.cf", cwd=directory / "sub")
    assert run.returncode == 0, run.stdout


def test_it_holds_no_value(directory: Path) -> None:
    edit(directory, 'smtp_sasl_password_maps = "inline:{example.com=user:swordfish}"\n')
    update(directory)
    assert "swordfish" not in (directory / "known.json").read_text()


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"version": 2, "findings": []}', '{"version": 1, "findings": [3]}']
)
def test_a_file_that_is_no_baseline(directory: Path, text: str) -> None:
    (directory / "known.json").write_text(text)
    run = run_maillint("check", "--baseline", "known.json", "sub/some.cf", cwd=directory)
    assert run.returncode == 2
    assert "known.json" in run.stderr
    assert "Traceback" not in run.stderr


def test_no_file(directory: Path) -> None:
    run = run_maillint("check", "--baseline", "known.json", "sub/some.cf", cwd=directory)
    assert run.returncode == 2
    assert "--update-baseline makes it" in run.stderr


def test_update_without_a_file(directory: Path) -> None:
    run = run_maillint("check", "--update-baseline", "sub/some.cf", cwd=directory)
    assert run.returncode == 2
    assert "--baseline FILE" in run.stderr


def test_left_alone_when_something_cannot_be_read(directory: Path) -> None:
    run = run_maillint(
        "check", "--baseline", "known.json", "--update-baseline", "sub/some.cf", "missing.cf", cwd=directory
    )
    assert run.returncode == 2
    assert not (directory / "known.json").exists()
