"""``maillint completion``: what it answers, and what the real bash, zsh and fish make of it."""

import os
import pty
import re
import select
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from maillint.cli import COMMANDS
from maillint.cli.completion import SCRIPTS, completions
from maillint.cli.output import FORMATS
from support import MAILLINT, SURROUNDINGS, run_maillint


def answers(*words: str) -> list[str]:
    return [word.text for word in completions([*words])]


def test_commands() -> None:
    assert answers("") == [*COMMANDS, "--help", "--version"]
    assert answers("ex") == ["explain"]
    assert answers("frobnicate", "") == []


@pytest.mark.parametrize("command", COMMANDS)
def test_the_options_of_every_command_are_those_of_its_help(command: str) -> None:
    """And so for a command that comes later."""
    help_text = run_maillint(command, "--help").stdout.partition("\nexamples:")[0]
    shown = set(re.findall(r"^\s+(?:-h, )?(--[a-z-]+)", help_text, re.MULTILINE))
    assert "--help" in shown
    assert shown <= {*answers(command, "--")}


def test_values() -> None:
    assert answers("check", "--format", "") == [*FORMATS]
    assert answers("check", "--format=js") == ["--format=json", "--format=jsonl"]
    assert answers("check", "--output", "sa") == ["sarif="]
    assert answers("check", "--output", "sarif=") == [":files"]
    assert answers("check", "--fail-on", "e") == ["error"]
    assert answers("check", "--role", "mx,sub") == ["mx,submission"]
    assert answers("check", "") == [":files"]
    assert answers("show", "") == [":directories"]
    assert answers("check", "--hostname", "") == []


def test_names_of_rules_where_they_are_asked_for() -> None:
    for words in (("check", "--select"), ("check", "--ignore"), ("rules",), ("explain",)):
        assert "myorigin-unset" in answers(*words, "myorigin-")
    assert answers("check", "--select", "identity,myorigin-u") == ["identity,myorigin-unset"]
    assert "identity" in answers("rules", "id")
    assert answers("explain", "reject_unauth_d") == ["reject_unauth_destination"]
    assert answers("rules", "--parameter", "mydest") == ["mydestination"]


def test_bash_parts_words_at_equals_signs() -> None:
    for words in (("--format", "=", "jsonl"), ("--format=jsonl",)):
        assert run_maillint("completion", "bash", "--", "check", *words).stdout == "jsonl\n"


def test_what_is_wrong_is_said() -> None:
    run = run_maillint("completion", "tcsh")
    assert run.returncode == 2
    assert "choose from" in run.stderr


# --- the real shells -------------------------------------------------------------------------------------


def needs(shell: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(shell) is None, reason=f"{shell} is not installed")


START = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], 'eval "$(maillint completion bash)"'),
    "zsh": (
        ["zsh", "-f", "-i"],
        'autoload -U compinit; compinit -u -D; eval "$(maillint completion zsh)"',
    ),
}

CASES = [
    ("maillint expl", "maillint explain"),
    ("maillint check --statis", "maillint check --statistics"),
    ("maillint check --format conc", "maillint check --format concise"),
    ("maillint check --format=conc", "maillint check --format=concise"),
    ("maillint check --select identity,myorigin-u", "maillint check --select identity,myorigin-unset"),
    ("maillint explain reject_unauth_d", "maillint explain reject_unauth_destination"),
    ("maillint check a-folder/ma", "maillint check a-folder/main.cf"),
    ("maillint check --output jsonl=a-folder/ma", "maillint check --output jsonl=a-folder/main.cf"),
    ("maillint show a-f", "maillint show a-folder/"),
]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "a-folder").mkdir()
    (tmp_path / "a-folder" / "main.cf").write_text("")
    return tmp_path


def environment(place: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in SURROUNDINGS}
    path = f"{Path(MAILLINT).parent}{os.pathsep}{os.environ['PATH']}"
    return kept | {"PATH": path, "HOME": str(place), "TERM": "dumb", "PS1": "", "HISTFILE": ""}


class Terminal:
    """An interactive shell, to type at."""

    def __init__(self, shell: str, place: Path) -> None:
        command, setup = START[shell]
        self._ours, theirs = pty.openpty()
        self._process = subprocess.Popen(
            command, stdin=theirs, stdout=theirs, stderr=theirs, cwd=place, env=environment(place),
            start_new_session=True,
        )  # fmt: skip
        os.close(theirs)
        self._count = 0
        os.write(self._ours, f"{setup}; stty columns 200{self._mark()}".encode())
        self._until_mark()

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._ours)

    def completed(self, line: str) -> str:
        """What becomes of *line* at a press of TAB."""
        os.write(self._ours, f"{line}\t".encode())
        self._until_quiet()
        # Control-A goes to the beginning, Control-E to the end.
        os.write(self._ours, f"'\x01echo 'line: \x05{self._mark()}".encode())
        return re.findall(r"^line: (.*)$", self._until_mark(), re.MULTILINE)[-1].strip()

    def _mark(self) -> str:
        """A command whose output is another than its text."""
        self._count += 1
        return f"; echo do''ne {self._count}.\n"

    def _until_mark(self) -> str:
        seen = ""
        end = time.monotonic() + 30
        while f"done {self._count}." not in seen:
            seen += self._read(end - time.monotonic())
            assert time.monotonic() < end, f"no end in {seen!r}"
        return seen.replace("\r\n", "\n").replace("\r", "")

    def _until_quiet(self) -> None:
        while self._read(1):
            pass

    def _read(self, seconds: float) -> str:
        ready, _, _ = select.select([self._ours], [], [], max(0, seconds))
        return os.read(self._ours, 1 << 16).decode(errors="replace") if ready else ""


@pytest.mark.parametrize("shell", [pytest.param(name, marks=needs(name)) for name in START])
def test_in_the_shell(shell: str, place: Path) -> None:
    with Terminal(shell, place) as terminal:
        assert {line: terminal.completed(line) for line, _ in CASES} == dict(CASES)


@needs("fish")
def test_in_fish(place: Path) -> None:
    (place / ".config/fish/completions").mkdir(parents=True)
    (place / ".config/fish/completions/maillint.fish").write_text(SCRIPTS["fish"])
    for line, expected in CASES:
        run = subprocess.run(
            ["fish", "-c", f"complete -C '{line}'"],
            cwd=place, env=environment(place), capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        [found] = run.stdout.splitlines()
        assert f"{line.rpartition(' ')[0]} {found.partition(chr(9))[0]}" == expected


@pytest.mark.parametrize("shell", [pytest.param(name, marks=needs(name)) for name in SCRIPTS])
def test_the_script_has_no_mistakes(shell: str) -> None:
    run = subprocess.run([shell, "-n"], input=SCRIPTS[shell], capture_output=True, text=True, timeout=60)
    assert (run.returncode, run.stderr) == (0, "")
