"""A configuration whose findings are known, and an environment in which programs find maillint."""

import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from support import MAILLINT, ROOT, SURROUNDINGS

INTEGRATIONS = ROOT / "integrations"

SETTINGS = """\
select = ["quoted-value", "undefined-parameter-reference", "missing-equals"]

[severity]
missing-equals = "info"
"""
TEXT = """\
myhostname = "mx.example.com"
myorigin = example.com
mydestination = $myhostname, é, $nothing_such
smtpd_banner example
"""


class Expected(NamedTuple):
    """A finding in TEXT, found by eye; columns count characters from 1, the end exclusive."""

    line: int
    column: int
    end_column: int
    severity: str
    rule: str


EXPECTED = (
    Expected(1, 14, 30, "error", "quoted-value"),
    Expected(3, 34, 46, "warning", "undefined-parameter-reference"),
    Expected(4, 1, 21, "info", "missing-equals"),
)

ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if name not in SURROUNDINGS},
    "PATH": f"{Path(MAILLINT).parent}{os.pathsep}{os.environ['PATH']}",
}
"""Programs find the installed maillint, and none believes that it runs in a CI system."""

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def main_cf(tmp_path: Path) -> Path:
    (tmp_path / "maillint.toml").write_text(SETTINGS)
    path = tmp_path / "main.cf"
    path.write_text(TEXT)
    return path


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run a command in the directory of main.cf, with a home of its own."""
    home = tmp_path / "home"
    home.mkdir()

    def run(
        *command: str | Path, env: Mapping[str, str] = {}, check: bool = True
    ) -> subprocess.CompletedProcess[str]:
        finished = subprocess.run(
            command,
            cwd=tmp_path,
            env={**ENVIRONMENT, "HOME": str(home), **env},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert not check or finished.returncode == 0, finished.stdout + finished.stderr
        return finished

    return run
