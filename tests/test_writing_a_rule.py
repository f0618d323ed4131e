"""The guide to writing a rule, done step by step: from an empty folder to a wheel."""

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from documents import Document
from support import ROOT

pytestmark = pytest.mark.xdist_group("packaging")

GUIDE = Document(ROOT / "docs" / "writing-a-rule.md")
STEPS = [line for block in GUIDE.blocks("sh") for line in block.splitlines()]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the files that the guide shows."""
    folder = tmp_path_factory.mktemp("our-mail-rules")
    files = [fence for fence in GUIDE.fences() if fence.info[0] in ("toml", "python")]
    assert len(files) == 5
    for fence in files:
        path = folder / fence.info[1]
        path.parent.mkdir(exist_ok=True)
        path.write_text(fence.text)
    return folder


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A virtual environment, in which maillint and what builds packages are borrowed from ours."""
    home = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", home], check=True, timeout=120)
    [packages] = home.glob("lib/python*/site-packages")
    borrowed = [sysconfig.get_path("purelib"), str(ROOT / "linter"), str(ROOT / "rules")]
    (packages / "borrowed.pth").write_text("\n".join(borrowed))
    for name in ("maillint", "pytest"):
        launcher = home / "bin" / name
        launcher.write_text(f'#!/bin/sh\nexec python -m {name} "$@"\n')
        launcher.chmod(0o755)
    offline = {"PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1", "PIP_NO_BUILD_ISOLATION": "0"}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return kept | offline | {"PATH": f"{home / 'bin'}{os.pathsep}{os.environ['PATH']}"}


def run(command: str, folder: Path, environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command, shell=True, cwd=folder, env=environment, capture_output=True, text=True, timeout=300
    )


def test_from_an_empty_folder_to_a_wheel(folder: Path, environment: dict[str, str]) -> None:
    said = {}
    for step in STEPS:
        done = run(step, folder, environment)
        assert done.returncode == 0, step + done.stdout + done.stderr
        said[step] = done.stdout
    assert "3 passed" in said["pytest"]
    assert "relay-not-ours" in said["maillint rules relay"]
    assert said["maillint explain relay-not-ours"].startswith("# relay-not-ours")

    (folder / "main.cf").write_text("myorigin = example.com\nrelayhost = [smtp.example.net]:587\n")
    found = run("maillint check --format concise main.cf", folder, environment)
    assert "warning: mail leaves through `[smtp.example.net]:587`" in found.stdout
    fixed = run("maillint check --fix --unsafe-fixes main.cf", folder, environment)
    assert "1 finding fixed" in fixed.stderr
    assert "[relay.example.com]:587" in (folder / "main.cf").read_text()

    [wheel] = (folder / "dist").iterdir()
    assert f"`dist/{wheel.name}`" in GUIDE.text
    with zipfile.ZipFile(wheel) as archive:
        assert {"our_mail_rules/relay_not_ours.py", "our_mail_rules/_index.py"} <= set(archive.namelist())


def test_the_tree_shows_the_files(folder: Path) -> None:
    [tree] = [block for block in GUIDE.blocks("text") if "our-mail-rules/" in block]
    for path in folder.rglob("*.py"):
        assert path.name in tree or path.name == "_index.py"
