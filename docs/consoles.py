"""What maillint prints, for the ``console`` blocks of pages and for the picture in the README.

A block is a line ``$ maillint ...``, to be run in the root of the repository, and what it prints.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
_BLOCK = re.compile(r"^```console\n\$ (maillint .*)\n(?:.*\n)*?```$", re.MULTILINE)
_PLAIN = {"NO_COLOR", "FORCE_COLOR", "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "TF_BUILD", "COLUMNS"}
"""Variables that change what is printed."""


def printed(command: str) -> str:
    """What *command*, which begins with ``maillint``, prints on standard output."""
    _, *arguments = command.split()
    run = subprocess.run(
        [sys.executable, "-m", "maillint", *arguments],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name not in _PLAIN},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if run.returncode not in (0, 1) or "Traceback" in run.stderr:
        raise RuntimeError(f"{command}: {run.stderr}")
    return run.stdout


def refreshed(page: str) -> str:
    """*page* with the output of today in its blocks."""
    return _BLOCK.sub(lambda block: f"```console\n$ {block[1]}\n{printed(block[1]).rstrip()}\n```", page)


def pages() -> list[Path]:
    """The pages that people write."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
