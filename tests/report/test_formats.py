"""The formats for machines, read by the programs they are for where these can be had."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sysconfig
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pytest

from support import ROOT, run_maillint

MULTITOOL = (
    ROOT / ".venv" / "npm" / "node_modules" / "@microsoft" / "sarif-multitool-linux" / "Sarif.Multitool"
)

NOT_UTF8 = "\udcff"
HOSTILE = (
    "# maillint: ignore[quoted-value] ]]> <b> ::error::x ##vso[task.complete] %0A `|` [a](1)\n"
    "syslog_name = '::error::%0A]]>\x1b[31m\x07&<\">'\n"
    'myhostname = "::error file=x::%0D%0A"\n'
    f'smtpd_banner = "$myhostname ESMTP {NOT_UTF8} \x1b]0;x\x07 ]]> 日本\U0001f600 </failure>"\n'
    "smtp_helo_name = '##vso[task.setvariable variable=x]y'\n"
    f'relayhost = "{"x" * 1_000_000}"\n'
    "no_such = ::set-output name=a::b ]]>\n"
    "::error::a line that is no setting ]]> \x1b[2J\n"
    "##vso[task.complete result=Succeeded;]\n"
)
"""All that a format could stumble over, in names and values, and fixes that move it."""

MACHINES = ("json", "jsonl", "sarif", "gitlab", "checkstyle", "junit", "rdjson", "rdjsonl", "sonarqube")
FORMATS = (*MACHINES, "text", "grouped", "concise", "statistics", "github", "azure")


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What each format says of the hostile configuration, in a folder with an awkward name."""
    top = tmp_path_factory.mktemp("reports")
    directory = top / "a b%,:;&[é]"
    directory.mkdir()
    (directory / "main.cf").write_bytes(HOSTILE.encode("utf-8", "surrogateescape"))
    (directory / "master.cf").write_text("smtp inet n - y - - smtpd\n  -o syslog_name='::error::'\n")
    outputs = [word for name in FORMATS for word in ("--output", f"{name}={name}.out")]
    run = run_maillint("check", *outputs, directory.name, cwd=top)
    assert run.returncode == 1, run.stderr
    assert "Traceback" not in run.stderr
    return {name: (top / f"{name}.out").read_bytes() for name in FORMATS}


@pytest.fixture(scope="module")
def count(reports: dict[str, bytes]) -> int:
    return len(json.loads(reports["json"])["findings"])


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_reaches_a_terminal(reports: dict[str, bytes], name: str) -> None:
    text = reports[name].decode("utf-8")
    assert all(character == "\n" or character.isprintable() for character in text)


@pytest.mark.parametrize("name", ["text", "grouped", "concise", "statistics", "github", "azure"])
def test_no_line_is_a_command_of_the_files_own(reports: dict[str, bytes], name: str) -> None:
    for line in reports[name].decode().splitlines():
        if line.lstrip().startswith("::"):
            # GitHub takes the whole message up to the end of the line as data.
            assert name == "github"
            assert re.match(r"::(error|warning|notice) file=[^:]*::", line)
        if "##vso[" in line:
            assert name != "azure" or re.match(r"##vso\[task\.logissue [^]]*\]|info: ", line)
            assert not line.startswith("##vso[task.complete")


def test_no_message_is_endless(tmp_path: Path) -> None:
    name = "n" * 500_000
    (tmp_path / "main.cf").write_text(f"{name} = x\nsmtpd_banner = '{name}'\nmyorigin = {name}.a b\n")
    run = run_maillint("check", "--format", "json", str(tmp_path))
    findings = json.loads(run.stdout)["findings"]
    assert any("n … n" in finding["message"] for finding in findings)
    assert all(len(finding["message"]) + len(finding["mend"]) < 8000 for finding in findings)


@pytest.mark.parametrize("name", ["json", "sarif", "gitlab", "rdjson", "sonarqube"])
def test_json_is_json(reports: dict[str, bytes], name: str) -> None:
    json.loads(reports[name].decode("utf-8"), parse_constant=_refuse)


def _refuse(constant: str) -> Any:
    raise ValueError(constant)


@pytest.mark.parametrize("name", ["jsonl", "rdjsonl"])
def test_json_lines_are_one_object_a_finding(reports: dict[str, bytes], name: str, count: int) -> None:
    assert len([json.loads(line) for line in reports[name].decode().splitlines()]) == count


def sarif(reports: dict[str, bytes]) -> dict[str, Any]:
    (run,) = json.loads(reports["sarif"])["runs"]
    assert isinstance(run, dict)
    return run


def test_sarif_is_valid(reports: dict[str, bytes], tmp_path: Path) -> None:
    if not MULTITOOL.exists():
        pytest.skip("the SARIF Multitool is not installed (make test installs it where npm is)")
    file = tmp_path / "report.sarif"
    file.write_bytes(reports["sarif"])
    run = subprocess.run(
        [MULTITOOL, "validate", file], capture_output=True, text=True, timeout=120, check=False,
        env={**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"},
    )  # fmt: skip
    said = re.findall(r"(error|warning) (\w+): (.*)", run.stdout)
    assert "Analysis completed successfully" in run.stdout, run.stdout
    # There is no site yet that informationUri could name.
    assert [found for found in said if found[1] != "SARIF2005"] == []


def test_sarif_has_all_that_code_scanning_asks_for(reports: dict[str, bytes], count: int) -> None:
    run = sarif(reports)
    driver = run["tool"]["driver"]
    assert {"name", "semanticVersion", "rules"} <= driver.keys()
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["originalUriBaseIds"]["ROOT"]["uri"].endswith("/")
    assert run["automationDetails"]["id"]
    for rule in driver["rules"]:
        assert 0 < len(rule["name"]) <= 255
        assert 0 < len(rule["shortDescription"]["text"]) <= 1024
        assert 0 < len(rule["fullDescription"]["text"]) <= 1024
        assert rule["help"]["text"]
        assert "## Good" in rule["help"]["markdown"]
        assert rule["defaultConfiguration"]["level"] in ("note", "warning", "error")
        assert rule["properties"]["precision"] in ("high", "medium", "low")
        assert len(rule["properties"]["tags"]) <= 20
        is_security = "security" in rule["properties"]["tags"]
        assert is_security == ("security-severity" in rule["properties"])
    reported = [result for result in run["results"] if not result["suppressions"]]
    assert len(reported) == count
    for result in run["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["partialFingerprints"].keys() == {"primaryLocationLineHash", "maillint/v1"}
        (location,) = result["locations"]
        assert location["physicalLocation"]["region"].keys() >= {
            "startLine", "startColumn", "endLine", "endColumn",
        }  # fmt: skip
        uri = location["physicalLocation"]["artifactLocation"]["uri"]
        assert uri.startswith("a%20b%25%2C%3A%3B%26%5B%C3%A9%5D/"), uri
    prints = [result["partialFingerprints"]["maillint/v1"] for result in run["results"]]
    assert len(set(prints)) == len(prints)


def test_sarif_tells_what_a_comment_silences_and_why(reports: dict[str, bytes]) -> None:
    (silenced,) = [result for result in sarif(reports)["results"] if result["suppressions"]]
    assert silenced["ruleId"] == "quoted-value"
    (suppression,) = silenced["suppressions"]
    assert suppression["kind"] == "inSource"
    assert suppression["justification"].startswith("]]> <b> ::error::x")
    assert suppression["location"]["physicalLocation"]["region"]["startLine"] == 1


def test_sarif_fixes_can_be_made(reports: dict[str, bytes]) -> None:
    lines = HOSTILE.split("\n")
    made = 0
    for result in sarif(reports)["results"]:
        for fix in result.get("fixes", ()):
            for change in fix["artifactChanges"]:
                if not change["artifactLocation"]["uri"].endswith("main.cf"):
                    continue
                for replacement in change["replacements"]:
                    region = replacement["deletedRegion"]
                    assert 1 <= region["startLine"] <= region["endLine"] <= len(lines)
                    assert region["endColumn"] <= len(lines[region["endLine"] - 1]) + 1
                    made += 1
    assert made


def test_sarif_tells_what_could_not_be_done(tmp_path: Path) -> None:
    run = run_maillint("check", "--format", "sarif", "missing.cf", cwd=tmp_path)
    assert run.returncode == 2
    (log,) = json.loads(run.stdout)["runs"]
    assert log["results"] == []
    assert log["invocations"][0]["executionSuccessful"] is False
    assert len(log["invocations"][0]["toolExecutionNotifications"]) == 1


def test_sarif_tools_reads_it(reports: dict[str, bytes], tmp_path: Path, count: int) -> None:
    (tmp_path / "report.sarif").write_bytes(reports["sarif"])
    tool = Path(sysconfig.get_path("scripts")) / "sarif"
    run = subprocess.run(
        [tool, "csv", "report.sarif", "-o", "report.csv"],
        cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert len((tmp_path / "report.csv").read_text().splitlines()) > count


def test_gitlab(reports: dict[str, bytes], count: int) -> None:
    issues = json.loads(reports["gitlab"])
    assert len(issues) == count
    assert len({issue["fingerprint"] for issue in issues}) == count
    for issue in issues:
        assert issue["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert issue["location"]["path"].startswith("a b%,:;&[é]/")
        assert issue["location"]["positions"]["begin"]["line"] >= 1
        assert issue["description"]
        assert issue["check_name"]


def test_checkstyle(reports: dict[str, bytes], count: int) -> None:
    root = ElementTree.fromstring(reports["checkstyle"])
    assert root.tag == "checkstyle"
    errors = root.findall("file/error")
    assert len(errors) == count
    assert {error.get("severity") for error in errors} <= {"error", "warning", "info"}
    assert all(int(error.get("line", "")) >= 1 for error in errors)


def test_junit_is_read_by_junitparser(reports: dict[str, bytes], tmp_path: Path, count: int) -> None:
    from junitparser import JUnitXml

    file = tmp_path / "report.xml"
    file.write_bytes(reports["junit"])
    suites = JUnitXml.fromfile(str(file))
    assert (suites.tests, suites.failures, suites.errors) == (count, count, 0)
    cases = [case for suite in suites for case in suite]
    assert len(cases) == count
    assert all(case.result[0].message for case in cases)


def test_junit_of_nothing_has_a_test_that_passed(tmp_path: Path) -> None:
    (tmp_path / "some.cf").write_text("mail_name = Postfix\n")
    root = ElementTree.fromstring(run_maillint("check", "--format", "junit", "some.cf", cwd=tmp_path).stdout)
    assert (root.get("tests"), root.get("failures")) == ("1", "0")
    assert len(root.findall("testsuite/testcase")) == 1


def test_junit_tells_what_could_not_be_done(tmp_path: Path) -> None:
    root = ElementTree.fromstring(run_maillint("check", "--format", "junit", "no.cf", cwd=tmp_path).stdout)
    assert root.get("errors") == "1"
    assert root.find("testsuite/testcase/error") is not None


def test_rdjson_counts_octets(tmp_path: Path) -> None:
    (tmp_path / "some.cf").write_text("syslog_name = é日 # \U0001f600\n", encoding="utf-8")
    run = run_maillint("check", "--select", "inline-comment", "--format", "rdjson", "some.cf", cwd=tmp_path)
    document = json.loads(run.stdout)
    assert document["source"] == {"name": "maillint"}
    (found,) = document["diagnostics"]
    assert (found["severity"], found["code"]["value"]) == ("ERROR", "inline-comment")
    # "syslog_name = " is 14 octets, "é日" 5, the blank 1, and "# \U0001f600" 6.
    assert found["location"]["range"] == {
        "start": {"line": 1, "column": 21},
        "end": {"line": 1, "column": 27},
    }


def test_rdjson_suggestions_are_the_fix(tmp_path: Path) -> None:
    """Made as reviewdog makes them, in octets, they give what --fix gives."""
    text = '# é\nsyslog_name = "é\U0001f600" \n'
    (tmp_path / "some.cf").write_text(text, encoding="utf-8")
    run = run_maillint("check", "--select", "quoted-value", "--format", "rdjson", "some.cf", cwd=tmp_path)
    (found,) = json.loads(run.stdout)["diagnostics"]
    data = text.encode()
    starts = [0, *(match.end() for match in re.finditer(b"\n", data))]

    def offset(position: dict[str, int]) -> int:
        return starts[position["line"] - 1] + position["column"] - 1

    for made in sorted(found["suggestions"], key=lambda made: offset(made["range"]["start"]), reverse=True):
        start, end = (offset(made["range"][side]) for side in ("start", "end"))
        data = data[:start] + made["text"].encode() + data[end:]
    assert run_maillint("check", "--fix", "some.cf", cwd=tmp_path).returncode == 0
    assert (tmp_path / "some.cf").read_bytes() == data


def test_sonarqube(reports: dict[str, bytes], count: int) -> None:
    document = json.loads(reports["sonarqube"])
    assert len(document["issues"]) == count
    rules = {rule["id"] for rule in document["rules"]}
    for issue in document["issues"]:
        assert issue["ruleId"] in rules
        place = issue["primaryLocation"]["textRange"]
        if "startColumn" in place:
            start = (place["startLine"], place["startColumn"])
            assert start < (place["endLine"], place["endColumn"]), "SonarQube refuses an empty range"


def test_statistics_count_what_was_found(reports: dict[str, bytes], count: int) -> None:
    lines = reports["statistics"].decode().splitlines()
    numbers = [int(line.split()[0]) for line in lines]
    assert sum(numbers) == count
    assert numbers == sorted(numbers, reverse=True)


def test_grouped_names_each_file_once(reports: dict[str, bytes]) -> None:
    heads = [line for line in reports["grouped"].decode().splitlines() if line and not line.startswith(" ")]
    assert len([head for head in heads if head.endswith(".cf")]) == 2


@pytest.mark.parametrize(
    ("variables", "begins"),
    [
        ({"GITHUB_ACTIONS": "true"}, "::error file=some.cf"),
        ({"TF_BUILD": "True"}, "##vso[task.logissue type=error;sourcepath=some.cf"),
        ({}, "error[quoted-value]"),
    ],
)
def test_the_place_chooses(tmp_path: Path, variables: dict[str, str], begins: str) -> None:
    (tmp_path / "some.cf").write_text("syslog_name = 'a'\n")
    assert run_maillint("check", "some.cf", cwd=tmp_path, env=variables).stdout.startswith(begins)
    chosen = run_maillint("check", "--format", "concise", "some.cf", cwd=tmp_path, env=variables)
    assert chosen.stdout.startswith("some.cf:1:")


def test_github_gets_a_table(tmp_path: Path) -> None:
    (tmp_path / "main.cf").write_bytes(HOSTILE.encode("utf-8", "surrogateescape"))
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    env = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary)}
    run = run_maillint("check", "main.cf", cwd=tmp_path, env=env)
    lines = summary.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "before"
    assert lines[1].startswith("### maillint: ")
    rows = [line for line in lines if line.startswith("| ")][1:]
    assert len(rows) == len(run.stdout.splitlines())
    for row in rows:
        assert len(re.findall(r"(?<!\\)\|", row)) == 5, "a cell broke out of its column"


@pytest.mark.parametrize("name", FORMATS)
def test_many_configurations_in_one_run(name: str, tmp_path: Path) -> None:
    """Findings that come from other processes have let go of their files."""
    for number in range(3):
        (tmp_path / str(number)).mkdir()
        (tmp_path / str(number) / "main.cf").write_text("syslog_name =\n 'a'\nrelayhost = [a]:xx\n")
    alone = run_maillint("check", "--format", name, "--jobs", "1", ".", cwd=tmp_path)
    together = run_maillint("check", "--format", name, "--jobs", "2", ".", cwd=tmp_path)
    assert alone.stdout == together.stdout
    assert alone.stdout
