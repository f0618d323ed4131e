"""What CI systems run, taken out of their files and run: the Action, the GitLab template, the Jenkinsfile."""

import json
import re
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
import yaml

from support import ROOT

from .conftest import EXPECTED, INTEGRATIONS, TEXT, Run

OFFLINE = {"PIP_NO_BUILD_ISOLATION": "0", "PIP_NO_DEPS": "1", "PIP_NO_INDEX": "1"}
"""Build with what is installed here, and borrow the dependencies (for pip, the 0 means "no isolation")."""

ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text())
STEPS = {step["name"]: step for step in ACTION["runs"]["steps"]}
INSTALL, CHECK, UPLOAD = STEPS


def runs(main_cf: Path, run: Run, step: str, **inputs: str) -> Any:
    """Run a step of the Action as a runner does; returns the finished process."""
    runner = {"temp": str(main_cf.parent / "runner")}
    Path(runner["temp"]).mkdir(exist_ok=True)
    values = {name: given["default"] for name, given in ACTION["inputs"].items()} | inputs

    def filled(text: str) -> str:
        known = {f"inputs.{name}": value for name, value in values.items()} | {"runner.temp": runner["temp"]}
        return re.sub(r"\$\{\{ (.+?) \}\}", lambda found: known[found[1]], text)

    defined = STEPS[step]
    assert defined["shell"] == "bash"
    # What people write into inputs must reach the shell in variables only, where it is no code.
    assert "${{" not in defined["run"]
    (main_cf.parent / "step").write_text(defined["run"])
    directory = filled(defined.get("working-directory", str(main_cf.parent)))
    return run(
        *("env", "-C", directory),
        *("bash", "--noprofile", "--norc", "-eo", "pipefail", main_cf.parent / "step"),
        check=False,
        env={name: filled(value) for name, value in defined["env"].items()}
        | {"GITHUB_ACTIONS": "true", "GITHUB_ACTION_PATH": str(ROOT), "RUNNER_TEMP": runner["temp"]}
        | {"GITHUB_STEP_SUMMARY": str(main_cf.parent / "summary")}
        | OFFLINE,
    )


@pytest.mark.xdist_group("packaging")
def test_action_installs_itself_and_annotates(run: Run, main_cf: Path) -> None:
    installed = runs(main_cf, run, INSTALL)
    assert installed.returncode == 0, installed.stdout + installed.stderr

    checked = runs(main_cf, run, CHECK)
    assert checked.returncode == 1, checked.stderr
    kinds = [line.partition(" ")[0] for line in checked.stdout.splitlines()]
    assert kinds == ["::error", "::warning", "::notice"]
    assert "file=main.cf,line=1," in checked.stdout
    assert all(found.rule in (main_cf.parent / "summary").read_text() for found in EXPECTED)
    assert not (main_cf.parent / "runner" / "maillint.sarif").exists()

    (main_cf.parent / "other dir").mkdir()
    (main_cf.parent / "a" / "files").mkdir(parents=True)
    main_cf.rename(main_cf.parent / "a" / "files" / "main.cf")
    chosen = runs(
        main_cf, run, CHECK, paths="*/files", args="--ignore quoted-value --fail-on never", sarif="true"
    )
    assert chosen.returncode == 0, chosen.stderr
    assert [line.partition(" ")[0] for line in chosen.stdout.splitlines()] == ["::warning", "::notice"]
    log = json.loads((main_cf.parent / "runner" / "maillint.sarif").read_text())
    [result, _] = log["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "a/files/main.cf"


def test_action_installs_the_release_that_is_asked_for(run: Run, main_cf: Path) -> None:
    wanted = runs(main_cf, run, INSTALL, version="0.0.0.dev0+no.such.release")
    assert wanted.returncode != 0
    assert "maillint==0.0.0.dev0+no.such.release" in wanted.stderr


@pytest.mark.parametrize(
    ("schema", "file"),
    [
        ("vendor.github-actions", ROOT / "action.yml"),
        ("vendor.gitlab-ci", INTEGRATIONS / "gitlab" / "maillint.yml"),
    ],
)
def test_the_file_is_what_the_schema_of_its_reader_asks_for(
    run: Run, tmp_path: Path, schema: str, file: Path
) -> None:
    command = (sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema)
    run(*command, file)
    broken = tmp_path / "broken.yml"
    broken.write_text(re.sub(r"\b(script|runs):", r"\1s:", file.read_text()))
    assert run(*command, broken, check=False).returncode == 1


def test_action_is_described() -> None:
    assert {"name", "description", "branding", "inputs", "runs"} == set(ACTION)
    assert all(
        given["description"] and isinstance(given["default"], str) for given in ACTION["inputs"].values()
    )
    used = set(re.findall(r"\binputs\.(\w+)", (ROOT / "action.yml").read_text()))
    assert used == set(ACTION["inputs"])
    upload = STEPS[UPLOAD]
    assert "inputs.sarif == 'true'" in upload["if"]
    assert upload["with"]["sarif_file"] == "${{ runner.temp }}/maillint.sarif"


def test_gitlab_template(run: Run, main_cf: Path) -> None:
    template = yaml.safe_load((INTEGRATIONS / "gitlab" / "maillint.yml").read_text())
    job = template["maillint"]
    install, check = job["script"]
    unset = run("sh", "-ec", install, check=False)
    assert unset.returncode != 0
    assert "MAILLINT_PACKAGE" in unset.stderr

    pip = "PATH=.:$PATH; " + install
    (main_cf.parent / "pip").write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    (main_cf.parent / "pip").chmod(0o755)
    package = "maillint @ git+https://git.example.com/maillint@v1"
    assert run("sh", "-ec", pip, env={"MAILLINT_PACKAGE": package}).stdout.splitlines()[-1] == package

    checked = run("sh", "-ec", check, env={"GITLAB_CI": "true", **template["variables"]}, check=False)
    assert checked.returncode == 1, checked.stderr
    assert "error[quoted-value]" in checked.stdout
    report = main_cf.parent / job["artifacts"]["reports"]["codequality"]
    assert [issue["check_name"] for issue in json.loads(report.read_text())] == [
        found.rule for found in EXPECTED
    ]
    assert job["artifacts"]["when"] == "always"


def test_jenkinsfile(run: Run, main_cf: Path) -> None:
    text = (INTEGRATIONS / "jenkins" / "Jenkinsfile").read_text()
    *install, check = re.findall(r"^\s*sh '(.*)'$", text, re.MULTILINE)
    assert any('"$MAILLINT_PACKAGE"' in command for command in install)
    [report] = re.findall(r"checkStyle\(.*pattern: '(.+?)'", text)
    assert check.startswith(".maillint/bin/maillint ")
    run("sh", "-ec", check.removeprefix(".maillint/bin/"))
    errors = ET.parse(main_cf.parent / report).getroot().iter("error")
    assert [(int(error.attrib["line"]), error.attrib["severity"]) for error in errors] == [
        (found.line, found.severity) for found in EXPECTED
    ]
    # Groovy is not at hand to read it: at least its brackets close.
    code = re.sub(r"//.*|'[^']*'", "", text)
    assert all(code.count(left) == code.count(right) > 0 for left, right in ("()", "{}", "[]"))


def test_the_configuration_of_these_tests_is_what_it_says() -> None:
    for found in EXPECTED:
        line = TEXT.splitlines()[found.line - 1]
        assert 0 < found.column < found.end_column <= len(line) + 1
