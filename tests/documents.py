"""Pages that people write: their commands are run, and their configurations judged, as they stand."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

from maillint.engine.docs import Fence
from support import MAILLINT, ROOT, run_maillint

STORY = ROOT / "examples" / "gmail-bounce"
GOOD = STORY / "after"
_FENCE = re.compile(r"^(`{3,})(\S.*)\n((?:.*\n)*?)\1$", re.MULTILINE)


class Document(NamedTuple):
    """A page in Markdown."""

    path: Path

    def __str__(self) -> str:
        return str(self.path.relative_to(ROOT))

    @property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    def fences(self, language: str = "") -> list[Fence]:
        """The fences whose first word is *language*; without one, all that have any."""
        found = [Fence(tuple(info.split()), text) for _, info, text in _FENCE.findall(self.text)]
        return [fence for fence in found if language in ("", fence.info[0])]

    def blocks(self, language: str) -> list[str]:
        """What stands in the fences in *language*."""
        return [fence.text for fence in self.fences(language)]

    def commands(self) -> list[str]:
        """The lines of the ``sh`` fences that run maillint."""
        lines = [line for block in self.blocks("sh") for line in block.splitlines()]
        return [line for line in lines if line.startswith("maillint ")]


def make_place(directory: Path) -> None:
    """Let *directory* be like the one that commands of pages are run in."""
    for path in (directory, directory / "roles/mx/files", directory / "roles/web/files"):
        shutil.copytree(GOOD, path, dirs_exist_ok=True)
    shutil.copy(STORY / "dns" / "mended.zone", directory / "example.com.zone")
    shutil.copy(STORY / "mail.log", directory / "mail.log")
    (directory / ".config/fish/completions").mkdir(parents=True)
    (directory / "record.json").write_text('{"version": 1, "answers": []}')
    (directory / "Dockerfile").write_text("RUN postconf -e 'relayhost = [relay.example.com]'\n")
    (directory / "group_vars").mkdir()
    (directory / "group_vars/mail.yml").write_text("relayhost: '[relay.example.com]'\n")


def run_commands(block: str, place: Path) -> None:
    """Run the commands of a ``sh`` block in *place*, where a good configuration stands for /etc/postfix.

    Those that ask the DNS of the world are not run. Raises AssertionError when one fails.
    """
    for command in block.splitlines():
        if not command.startswith("maillint ") or "--online" in command:
            continue
        run = subprocess.run(
            command.replace("/etc/postfix", str(GOOD)),
            shell=True,
            cwd=place,
            env={
                **os.environ,
                "HOME": str(place),
                "PATH": f"{Path(MAILLINT).parent}{os.pathsep}{os.environ['PATH']}",
            },
            capture_output=True,
            text=True,
            timeout=60,
        )
        # The log that is diagnosed tells of failures.
        expected = 1 if command.startswith("maillint diagnose") else 0
        assert run.returncode == expected, command + run.stdout + run.stderr


def check_online_options(commands: list[str]) -> None:
    """The options exist of the commands that are not run. Raises AssertionError."""
    for line in commands:
        if "--online" in line:
            known = set(re.findall(r"--[a-z-]+", run_maillint(line.split()[1], "--help").stdout))
            assert set(re.findall(r"--[a-z-]+", line)) <= known, line


def check_output(block: str) -> None:
    """What a ``console`` block shows is what the command prints. Raises AssertionError."""
    command, _, output = block.partition("\n")
    prompt, maillint, *arguments = command.split()
    assert (prompt, maillint) == ("$", "maillint")
    assert run_maillint(*arguments, cwd=ROOT).stdout.strip() == output.strip(), (
        "if it is right: python docs/generate.py"
    )
