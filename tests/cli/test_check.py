"""``maillint check`` as a command: options, exit status, streams."""

import json
import os
import pty
import signal
import subprocess
import time
from pathlib import Path

import pytest

from support import MAILLINT, run_maillint

from .conftest import Check, findings

QUOTED = 'myhostname = "mx.example.com"\n'
FINE = "myhostname = mx.example.com\nmyorigin = example.com\n"


@pytest.fixture(autouse=True)
def only_quoted_value(tmp_path: Path, place: Path) -> None:
    """Judge by one rule whose finding is plain, so that these tests are not about rules."""
    (tmp_path / "maillint.toml").write_text('select = ["quoted-value", "ignores"]\n')


def test_findings_on_stdout_and_the_summary_on_stderr(check: Check) -> None:
    run = check(main=QUOTED)
    [line] = run.stdout.splitlines()
    assert line.startswith("main.cf:1:14: error: ")
    assert line.endswith(" [quoted-value]")
    assert run.stderr == "1 error in 1 configuration\n"
    assert run.returncode == 1


def test_nothing_found(check: Check) -> None:
    run = check(main=FINE)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "nothing found in 1 configuration\n")


@pytest.mark.parametrize(
    ("severity", "level", "status"),
    [
        ("error", "error", 1), ("error", "warning", 1), ("error", "info", 1), ("error", "never", 0),
        ("warning", "error", 0), ("warning", "warning", 1), ("info", "warning", 0), ("info", "info", 1),
    ],
)  # fmt: skip
def test_failure_level(check: Check, tmp_path: Path, severity: str, level: str, status: int) -> None:
    with open(tmp_path / "maillint.toml", "a") as settings:
        settings.write(f'severity = {{quoted-value = "{severity}"}}\nfail-on = "{level}"\n')
    assert check(main=QUOTED).returncode == status
    assert check("--fail-on", "never").returncode == 0
    assert f": {severity}: " in check("--fail-on", level).stdout


def test_settings_of_each_configuration_are_its_own(check: Check, place: Path) -> None:
    for name, level in (("strict", "info"), ("lax", "never")):
        (place / name).mkdir()
        (place / name / "main.cf").write_text(QUOTED)
        (place / name / "maillint.toml").write_text(f'fail-on = "{level}"\nselect = ["quoted-value"]\n')
    assert check("strict").returncode == 1
    assert check("lax").returncode == 0
    assert check("lax", "strict").returncode == 1


def test_what_is_not_sure_enough_is_left_out(check: Check, place: Path) -> None:
    """An unknown name may be meant for another program, so the rule is not sure; of quotes it is."""
    main = QUOTED + "no_such_parameter = 1\n"
    rules = ["unknown-parameter", "quoted-value"]

    def found(*arguments: str) -> list[str]:
        run = check("--select", ",".join(rules), *arguments, main=main)
        return sorted(line.rpartition(" ")[2].strip("[]") for line in run.stdout.splitlines())

    assert found() == found("--min-confidence", "low") == sorted(rules)
    assert found("--min-confidence", "high") == ["quoted-value"]
    (place / "maillint.toml").write_text('min-confidence = "high"\n')
    assert found() == ["quoted-value"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--select", "quoted-valeu"], "command line: there is no rule or area 'quoted-valeu'; did you mean"),
        (["--ignore", "quoted-value,nonsense"], "there is no rule or area 'nonsense'"),
        (["--postfix-version", "three"], "postfix-version: 'three'"),
        (["--resolver", "dns.example.com"], "resolver: must be the IP address"),
        (["--fail-on", "always"], "always"),
        (["--format", "xml"], "xml"),
        (["--output", "json"], "expected FORMAT=FILE"),
        (["--output", "xml=report.xml"], "expected FORMAT=FILE"),
        (["--output", "json=-"], "for standard output, write --format json"),
        (["--output", "json=one", "--output", "sarif=./one"], "sarif=./one: another report goes to this"),
        (["--jobs", "0"], "--jobs: '0' is not a number above 0"),
        (["--no-such-option"], "--no-such-option"),
        (["nowhere"], "nowhere: cannot be read: No such file or directory"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_refused(check: Check, arguments: list[str], words: str) -> None:
    run = check(*arguments, main=FINE)
    assert run.returncode == 2
    assert words in run.stderr
    assert "Traceback" not in run.stderr


def test_wrong_settings_file_is_refused(check: Check, place: Path) -> None:
    (place / "pyproject.toml").write_text("[tool.maillint]\nigmore = []\n")
    run = check(main=FINE)
    assert run.returncode == 2
    assert f"{place / 'pyproject.toml'}: unknown key 'igmore'; did you mean ignore?" in run.stderr


def test_comma_separates_and_repetition_adds(check: Check) -> None:
    run = check(
        "--select", "quoted-value,inline-comment", "--select", "ignores", main=QUOTED + "biff = no # x\n"
    )
    assert [line.rpartition(" ")[2] for line in run.stdout.splitlines()] == [
        "[quoted-value]",
        "[inline-comment]",
    ]


def test_ignore_comment(check: Check) -> None:
    ignored = f"# maillint: ignore[quoted-value] so be it\n{QUOTED}"
    assert check(main=ignored).stdout == ""
    assert "[quoted-value]" in check("--no-ignores").stdout


def test_unused_and_unknown_ignores(check: Check) -> None:
    main = (
        f"# maillint: ignore[quoted-value]\n{FINE}# maillint: ignore[quoted-valeu]\nmydomain = example.com\n"
    )
    run = check("--format", "json", "--select", "ignores,quoted-value", main=main)
    assert [(found["rule"], found["start"]) for found in findings(run)] == [
        ("unused-ignore", {"line": 1, "column": 20}),
        ("unknown-ignore", {"line": 4, "column": 20}),
    ]


@pytest.mark.parametrize("arguments", [["--select", "ignores"], ["--ignore", "quoted-value"]])
def test_ignore_of_a_rule_that_did_not_run_is_not_unused(check: Check, arguments: list[str]) -> None:
    assert check(*arguments, main=f"# maillint: ignore[quoted-value]\n{FINE}").stdout == ""


def test_only_findings_in_named_files(check: Check) -> None:
    master = 'smtp inet n - y - - smtpd\n  -o syslog_name="x"\n'
    check(main=QUOTED, master=master)
    paths = {
        named: [line.partition(":")[0] for line in check(*named).stdout.splitlines()]
        for named in ((".",), ("main.cf",), ("master.cf",), ("master.cf", "main.cf"))
    }
    assert paths == {
        (".",): ["main.cf", "master.cf"],
        ("main.cf",): ["main.cf"],
        ("master.cf",): ["master.cf"],
        ("master.cf", "main.cf"): ["main.cf", "master.cf"],
    }


def test_standard_input(check: Check) -> None:
    run = check("-", "--stdin-filename", "../conf/main.cf", input=QUOTED)
    assert run.stdout.startswith("../conf/main.cf:1:14: error: ")
    assert run.returncode == 1
    master = check(
        "-", "--stdin-filename", "x/master.cf", input='smtp inet n - y - - smtpd\n -o syslog_name="x"\n'
    )
    assert master.stdout.startswith("x/master.cf:2:")


def test_a_file_is_judged_as_the_one_that_it_is_to_become(check: Check, place: Path) -> None:
    (place / "tmp").mkdir()
    (place / "tmp" / "x1y2").write_text(QUOTED)
    run = check("--as", "main.cf", "tmp/x1y2")
    assert run.stdout.startswith("main.cf:1:14: error: ")
    assert run.returncode == 1
    diff = check("--as", "/etc/postfix/main.cf", "--diff", "tmp/x1y2")
    assert diff.stdout.splitlines()[:2] == ["--- /etc/postfix/main.cf", "+++ /etc/postfix/main.cf"]
    missing = check("--as", "main.cf", "tmp/nothing")
    assert missing.returncode == 2
    assert "tmp/nothing: " in missing.stderr


def test_what_lies_beside_the_file_that_is_replaced_counts(check: Check, place: Path) -> None:
    server = "smtp inet n - y - - smtpd\n"
    for directory, master in (("tmp", server), ("etc", server), ("other", "smtp unix - - y - - smtp\n")):
        (place / directory).mkdir()
        (place / directory / "master.cf").write_text(master)
        (place / directory / "main.cf").write_text("# replaced\n")
    (place / "master.cf").write_text(server)
    (place / "tmp" / "x1y2").write_text("myhostname = mx.example.com\n")

    def said(name: str) -> list[str]:
        run = check("--select", "relay-control-missing", "--as", name, "tmp/x1y2")
        return [line.partition(":")[0] for line in run.stdout.splitlines()]

    assert said("etc/main.cf") == ["etc/main.cf"]
    assert said("./main.cf") == ["main.cf"]
    assert said("other/main.cf") == said("main.cf") == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["main.cf", "a", "b"],
        ["main.cf", "-"],
        [".", "a"],
        ["/etc/postfix/", "a"],
        ["main.cf", "--fix", "a"],
        ["main.cf", "--add-ignores", "because", "a"],
    ],
)
def test_as_that_cannot_be_followed_is_refused(check: Check, arguments: list[str]) -> None:
    run = check("--as", *arguments)
    assert run.returncode == 2
    assert run.stderr.startswith("maillint: --as")


def test_json_has_the_agreed_form(check: Check) -> None:
    document = json.loads(check("--format", "json", main=QUOTED).stdout)
    assert document.keys() == {"version", "findings", "not_checked", "errors"}
    [finding] = document["findings"]
    assert finding["start"] == {"line": 1, "column": 14}
    assert finding["end"] == {"line": 1, "column": 30}
    assert finding["path"] == "main.cf"


def test_github_actions_get_annotations(place: Path) -> None:
    (place / "main.cf").write_text(QUOTED)
    assert run_maillint("check", cwd=place, env={"GITHUB_ACTIONS": "true"}).stdout.startswith(
        "::error file=main.cf"
    )
    text = run_maillint("check", "--format", "text", cwd=place, env={"GITHUB_ACTIONS": "true"}).stdout
    assert text.startswith("error[quoted-value]")


def test_output_files(check: Check, place: Path) -> None:
    (place / "old.json").write_text("what was there before")
    run = check("--output", "json=old.json", "--output", "github=annotations.txt", main=QUOTED)
    assert "[quoted-value]" in run.stdout
    assert json.loads((place / "old.json").read_text())["version"] == 1
    assert (place / "annotations.txt").read_text().startswith("::error")
    assert {path.name for path in place.iterdir()} == {"main.cf", "old.json", "annotations.txt"}


def test_output_file_that_cannot_be_written(check: Check) -> None:
    run = check("--output", "json=nowhere/report.json", main=QUOTED)
    assert run.returncode == 2
    assert "nowhere/report.json: cannot be written: No such file or directory" in run.stderr
    assert "[quoted-value]" in run.stdout


def test_output_to_a_device(check: Check) -> None:
    assert check("--output", "json=/dev/null", main=QUOTED).returncode == 1


def on_terminal(place: Path, *arguments: str, **environment: str) -> str:
    """What ``maillint check`` writes to a terminal."""
    reader, writer = pty.openpty()
    base = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    with subprocess.Popen(
        [MAILLINT, "check", *arguments],
        cwd=place,
        stdout=writer,
        stderr=subprocess.DEVNULL,
        env={**base, "TERM": "xterm", **environment},
    ) as process:
        os.close(writer)
        process.wait(timeout=60)
    output = os.read(reader, 65536).decode()
    os.close(reader)
    return output


def test_colour(place: Path) -> None:
    (place / "main.cf").write_text(QUOTED)
    escape = "\x1b["
    assert escape in on_terminal(place)
    assert escape not in on_terminal(place, NO_COLOR="1")
    assert escape not in on_terminal(place, TERM="dumb")
    assert escape not in on_terminal(place, "--color", "never")
    assert escape in on_terminal(place, "--color", "always", NO_COLOR="1")
    piped = run_maillint("check", cwd=place, env={"FORCE_COLOR": "", "NO_COLOR": ""})
    assert escape not in piped.stdout
    assert escape in run_maillint("check", cwd=place, env={"FORCE_COLOR": "1", "NO_COLOR": ""}).stdout
    assert escape in run_maillint("check", "--color", "always", cwd=place).stdout


def test_closed_pipe_is_quiet(place: Path) -> None:
    (place / "main.cf").write_text("".join(f"no equals sign {number}\n" for number in range(5000)))
    run = subprocess.run(
        f"{MAILLINT} check --format concise --select missing-equals . | head -1",
        shell=True,
        cwd=place,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.stdout.count("\n") == 1
    assert run.stderr == "5000 errors in 1 configuration\n"


def test_many_configurations_in_several_processes(check: Check, place: Path) -> None:
    for number in range(50):
        (place / f"host{number:02}").mkdir()
        (place / f"host{number:02}" / "main.cf").write_text(f"# {number}\n" * number + QUOTED)
    (place / "host07" / "main.cf").write_bytes(bytes(5000))
    one, several = (check("--jobs", jobs) for jobs in ("1", "3"))
    assert one.stdout == several.stdout
    assert one.stderr == several.stderr
    assert several.returncode == 2
    lines = several.stdout.splitlines()
    assert [line.split(":")[:2] for line in lines] == [
        [f"host{number:02}/main.cf", str(number + 1)] for number in range(50) if number != 7
    ]
    texts = [check("--format", "text", "--jobs", jobs).stdout for jobs in ("1", "3")]
    assert texts[0] == texts[1]
    assert "49 errors in 49 configurations" in several.stderr


@pytest.mark.parametrize("command", [[], ["check"], ["show"], ["explain"], ["rules"]])
def test_help(command: list[str]) -> None:
    run = run_maillint(*command, "--help")
    assert run.returncode == 0
    assert "example" in run.stdout.lower()
    assert run.stderr == ""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "usage"),
        (["chekc"], "did you mean check?"),
        (["/"], "did you mean 'maillint check /'?"),
        (["frobnicate"], "the commands are check, show, "),
        (["explain", "myorgin"], "did you mean myorigin?"),
        (["explain", "quoted-valeu"], "did you mean quoted-value?"),
        (["rules", "sintax"], "did you mean syntax?"),
    ],
)
def test_wrong_command(arguments: list[str], words: str, place: Path) -> None:
    run = run_maillint(*arguments, cwd=place)
    assert run.returncode == 2
    assert words in run.stderr
    assert "Traceback" not in run.stderr


def test_version() -> None:
    from maillint import __version__

    assert run_maillint("--version").stdout == f"maillint {__version__}\n"


def test_rules_of_one_area(place: Path) -> None:
    listed = run_maillint("rules", "ignores", cwd=place).stdout
    assert "unused-ignore" in listed
    assert "quoted-value" not in listed


def test_explain_a_parameter(place: Path) -> None:
    page = run_maillint("explain", "smtpd_helo_required", cwd=place).stdout
    assert "yes or no" in page
    assert "smtpd" in page


@pytest.mark.parametrize("redirection", [">&-", "2>&-", "</dev/null >&- 2>&-"])
def test_closed_streams(redirection: str, place: Path) -> None:
    (place / "main.cf").write_text(QUOTED)
    run = subprocess.run(
        f"{MAILLINT} check . {redirection}", shell=True, cwd=place, capture_output=True, text=True, timeout=60
    )
    assert run.returncode == 1
    assert "Traceback" not in run.stdout + run.stderr
    assert "configuration" not in run.stdout  # the summary stays out of the report


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")
@pytest.mark.parametrize("command", ["check .", "rules", "explain myorigin"])
def test_full_disk(command: str, place: Path) -> None:
    (place / "main.cf").write_text(QUOTED)
    run = subprocess.run(
        f"{MAILLINT} {command} >/dev/full", shell=True, cwd=place, capture_output=True, text=True, timeout=60
    )
    assert run.returncode == 2
    assert "maillint: cannot write: No space left on device" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_interrupt_is_quiet(jobs: str, place: Path) -> None:
    for number in range(200):
        (place / str(number)).mkdir()
        (place / str(number) / "main.cf").write_text(QUOTED * 2000)
    with subprocess.Popen(
        [MAILLINT, "check", "--jobs", jobs, "."],
        cwd=place,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # Where the tests run in the background, the signal is ignored, and a child inherits that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as process:
        time.sleep(1)
        os.killpg(process.pid, signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert errors == ""
