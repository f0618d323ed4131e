"""An offline check imports nothing that it does not need: every millisecond of a cold start is felt."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from support import MAILLINT

FORBIDDEN = {
    "aiohttp", "asyncio", "click", "concurrent", "csv", "dataclasses", "difflib", "dns", "email",
    "hashlib", "http", "importlib.metadata", "importlib.resources", "ipaddress", "json", "logging",
    "lsprotocol", "maillint.server", "multiprocessing", "pathlib", "pdb", "pydoc", "pygls", "rich", "socket",
    "sqlite3", "ssl", "subprocess", "tomli", "tomllib", "unittest", "urllib", "uuid", "xml", "yaml",
    "zipfile",
}  # fmt: skip


def imported(*command: str, cwd: Path) -> set[str]:
    """The modules that a Python process with *command* imports."""
    run = subprocess.run(
        [sys.executable, "-X", "importtime", *command],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=60,
        env={
            name: value
            for name, value in os.environ.items()
            if name not in ("GITHUB_ACTIONS", "PYTHONSTARTUP")
        },
    )
    assert run.returncode in (0, 1), run.stderr
    return set(re.findall(r"^import time: .*\| +(\S+)$", run.stderr, re.MULTILINE))


@pytest.fixture(scope="module")
def free(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """What the interpreter and lark import in any case."""
    modules = imported("-c", "import lark", cwd=tmp_path_factory.mktemp("empty"))
    assert "lark" in modules
    return modules


@pytest.fixture
def configuration(tmp_path: Path) -> Path:
    """Files that give findings with related places and fixes, so that their code is imported too."""
    (tmp_path / "main.cf").write_text('myhostname = "mx.example.com"\nmydestination = $myhostname\n')
    (tmp_path / "master.cf").write_text(
        "smtp inet n - y - - smtpd\nsubmission inet n - y - - smtpd\n  -o smtpd_tls_security_level=encrypt\n"
    )
    return tmp_path


def forbidden(modules: set[str], free: set[str]) -> set[str]:
    return {
        module
        for module in modules - free
        if any(module == name or module.startswith(f"{name}.") for name in FORBIDDEN)
    }


@pytest.mark.parametrize(
    "arguments", [["."], ["main.cf"], ["--format", "concise", "."], ["--format", "github", "."]]
)
def test_check_imports_nothing_forbidden(arguments: list[str], configuration: Path, free: set[str]) -> None:
    modules = imported(MAILLINT, "check", *arguments, cwd=configuration)
    assert "maillint.engine.run" in modules
    assert forbidden(modules, free) == set()


def test_check_knows_nothing_of_logs(configuration: Path) -> None:
    modules = imported(MAILLINT, "check", ".", cwd=configuration)
    assert [module for module in modules if module.startswith("maillint.log")] == []


def test_a_forbidden_module_would_be_noticed(configuration: Path, free: set[str]) -> None:
    modules = imported(MAILLINT, "check", "--format", "json", ".", cwd=configuration)
    assert "json" in forbidden(modules, free)


def test_check_imports_only_rules_that_can_apply(configuration: Path) -> None:
    from maillint.engine.registry import Registry

    modules = imported(MAILLINT, "check", ".", cwd=configuration)
    for rule in Registry.load().rules.values():
        cannot_apply = rule.online or (
            rule.when_set and not {"myhostname", "mydestination"} & {*rule.parameters}
        )
        if cannot_apply:
            assert rule.module not in modules, rule.id


def test_a_plain_configuration_imports_nothing_for_templates(configuration: Path) -> None:
    for name in ("dynamicmaps.cf", "virtual"):
        (configuration / name).write_text("")
    modules = imported(MAILLINT, "check", ".", cwd=configuration)
    assert "maillint.engine.run" in modules
    assert not [name for name in modules if "template" in name or name.endswith("variants")]

    (configuration / "main.cf").write_text("{% if a %}\nmyhostname = mx.example.com\n{% endif %}\n")
    modules = imported(MAILLINT, "check", ".", cwd=configuration)
    assert {"maillint.engine.variants", "maillint.syntax.template.languages"} <= modules


def test_version_imports_nothing_but_the_command(configuration: Path) -> None:
    bare = imported("-c", "import re, sys", cwd=configuration)
    assert imported(MAILLINT, "--version", cwd=configuration) - bare <= {"maillint", "maillint.cli"}
