"""The README promises nothing that does not work: its examples are run as they stand."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import tomli
import yaml

from support import MAILLINT, ROOT, run_maillint

README = (ROOT / "README.md").read_text(encoding="utf-8")
GOOD = ROOT / "examples" / "gmail-bounce" / "after"
BEFORE = ROOT / "examples" / "gmail-bounce" / "before"
VIM = shutil.which("vim")


def blocks(language: str) -> list[str]:
    """The fenced blocks of the README in *language*."""
    found = re.findall(rf"^```{re.escape(language)}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    assert found, f"the README has no block of {language}"
    return found


def shell_commands() -> list[str]:
    return [line for block in blocks("sh") for line in block.splitlines() if line.startswith("maillint")]


@pytest.mark.parametrize("block", blocks("console"))
def test_output_is_what_the_command_prints(block: str) -> None:
    command, _, output = block.partition("\n")
    prompt, maillint, *arguments = command.split()
    assert (prompt, maillint) == ("$", "maillint")
    assert run_maillint(*arguments, cwd=ROOT).stdout.strip() == output.strip()


def test_the_mended_example_has_no_findings() -> None:
    run = run_maillint("check", "--fail-on", "info", "examples/gmail-bounce/after", cwd=ROOT)
    assert (run.returncode, run.stdout) == (0, ""), run.stdout + run.stderr


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A directory like the one the README's commands are run in."""
    for directory in (tmp_path, tmp_path / "roles/mx/files", tmp_path / "roles/web/files"):
        shutil.copytree(GOOD, directory, dirs_exist_ok=True)
    return tmp_path


@pytest.mark.parametrize("command", [line for line in shell_commands() if "--online" not in line])
def test_command(command: str, place: Path) -> None:
    run = subprocess.run(
        command.replace("/etc/postfix", str(GOOD)),
        shell=True,
        cwd=place,
        env={**os.environ, "PATH": f"{Path(MAILLINT).parent}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_online_options_exist() -> None:
    help_text = run_maillint("check", "--help").stdout
    options = {word for line in shell_commands() for word in line.split() if word.startswith("--o")}
    assert options == {"--online"}
    assert {"--online", "--resolver"} <= set(re.findall(r"--[a-z-]+", help_text))


def test_settings(place: Path) -> None:
    settings, plugins = map(tomli.loads, blocks("toml"))
    assert settings.keys().isdisjoint(plugins)
    (place / "maillint.toml").write_text(blocks("toml")[0])
    shutil.copytree(BEFORE, place, dirs_exist_ok=True)
    run = run_maillint("check", "--format", "concise", ".", cwd=place)
    assert run.returncode == 1, run.stdout + run.stderr
    assert re.search(r": error: .*\[myorigin-unset\]$", run.stdout, re.MULTILINE)


def test_plugin(place: Path) -> None:
    _, settings = blocks("toml")
    [package] = tomli.loads(settings)["plugins"]
    (place / "maillint.toml").write_text(settings)
    missing = run_maillint("check", ".", cwd=place)
    assert missing.returncode == 2
    assert package in missing.stderr

    (place / "site" / package).mkdir(parents=True)
    (place / "site" / package / "__init__.py").write_text("")
    (place / "site" / package / "always.py").write_text(
        '"""Always."""\n'
        "from maillint.engine.finding import ERROR, Finding\n"
        "from maillint.engine.rule import rule\n"
        '@rule(severity=ERROR, area="ours")\n'
        "def always(config):\n"
        "    yield Finding(config.main.settings[0].location, 'as ever')\n"
    )
    run = run_maillint("check", ".", cwd=place, env={"PYTHONPATH": str(place / "site")})
    assert run.returncode == 1, run.stdout + run.stderr
    assert "error[always]: as ever" in run.stdout


def test_ignore_comment(tmp_path: Path) -> None:
    [block] = blocks("main.cf")
    [rule] = re.findall(r"ignore\[([a-z-]+)\]", block)
    main_cf = tmp_path / "main.cf"
    for text, findings in ((block, []), (re.sub("^#.*\n", "", block, flags=re.MULTILINE), [rule])):
        main_cf.write_text(text)
        run = run_maillint("check", "--select", rule, "--format", "json", tmp_path)
        assert [finding["rule"] for finding in json.loads(run.stdout)["findings"]] == findings


def test_hook_and_ci_step() -> None:
    hook, ci = map(yaml.safe_load, blocks("yaml"))
    [defined] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert [entry["id"] for entry in hook["repos"][0]["hooks"]] == [defined["id"]]
    _, *arguments = ci[-1]["run"].split()
    assert "::" in run_maillint(*arguments, cwd=BEFORE).stdout


def concise() -> list[str]:
    lines = run_maillint("check", "--format", "concise", BEFORE).stdout.splitlines()
    assert lines
    return lines


def test_vs_code_problem_matcher() -> None:
    [task] = map(json.loads, blocks("json"))
    pattern = task["problemMatcher"]["pattern"]
    for line in concise():
        found = re.search(pattern["regexp"], line)
        assert found
        path, number, column, rest = line.split(":", 3)
        assert found.group(pattern["file"], pattern["line"], pattern["column"]) == (path, number, column)
        assert rest.endswith(f"[{found[pattern['code']]}]")


@pytest.mark.skipif(VIM is None, reason="Vim is not installed")
def test_vim_reads_the_findings(tmp_path: Path) -> None:
    [block] = blocks("vim")
    (tmp_path / "vimrc").write_text(block)
    result = tmp_path / "quickfix.json"
    assert VIM is not None
    commands = (
        "set filetype=pfmain",
        "silent make!",
        f"call writefile([json_encode(getqflist())], {str(result)!r})",
        "qall!",
    )
    subprocess.run(
        [VIM, "-N", "-es", "-u", tmp_path / "vimrc", "-i", "NONE", BEFORE / "main.cf"]
        + [word for command in commands for word in ("-c", command)],
        env={**os.environ, "PATH": f"{Path(MAILLINT).parent}{os.pathsep}{os.environ['PATH']}"},
        timeout=60,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    entries = [entry for entry in json.loads(result.read_text()) if entry["valid"]]
    shown = [f"{entry['lnum']}:{entry['col']}: {entry['type'].lower()}" for entry in entries]
    assert shown == [re.sub(r"^.*?:(\d+:\d+: .).*", r"\1", line) for line in concise()]
