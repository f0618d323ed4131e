"""The README promises nothing that does not work: its examples are run as they stand."""

import json
import re
import shutil
from pathlib import Path

import pytest
import tomli
import yaml

from documents import Document, check_online_options, check_output, make_place, run_commands
from maillint.cli.output import FORMATS
from support import ROOT, run_maillint

PAGE = Document(ROOT / "README.md")
README = PAGE.text
BEFORE = ROOT / "examples" / "gmail-bounce" / "before"


def blocks(language: str) -> list[str]:
    """The fenced blocks of the README in *language*."""
    found = PAGE.blocks(language)
    assert found, f"the README has no block of {language}"
    return found


@pytest.mark.parametrize("block", blocks("console"))
def test_output_is_what_the_command_prints(block: str) -> None:
    check_output(block)


def test_the_mended_example_has_no_findings() -> None:
    run = run_maillint("check", "--fail-on", "info", "examples/gmail-bounce/after", cwd=ROOT)
    assert (run.returncode, run.stdout) == (0, ""), run.stdout + run.stderr


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A directory like the one the README's commands are run in."""
    make_place(tmp_path)
    return tmp_path


@pytest.mark.parametrize("block", [block for block in blocks("sh") if "maillint " in block])
def test_commands(block: str, place: Path) -> None:
    run_commands(block, place)


def test_online_options_exist() -> None:
    """Those of the commands that are not run, because they ask the DNS of the world."""
    assert any("--online" in command for command in PAGE.commands())
    check_online_options(PAGE.commands())


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


@pytest.mark.parametrize("block", blocks("main.cf"))
def test_ignore_comments(block: str, tmp_path: Path) -> None:
    rules = set(re.findall(r"ignore(?:-file|-start)?\[([a-z-]+)\]", block))
    bare = re.sub("^#.*\n", "", block, flags=re.MULTILINE)
    for text, expected in ((block, set()), (bare, rules)):
        (tmp_path / "main.cf").write_text(text)
        run = run_maillint("check", "--select", ",".join((*rules, "ignores")), "--format", "json", tmp_path)
        assert {finding["rule"] for finding in json.loads(run.stdout)["findings"]} == expected


def test_hook_and_action() -> None:
    hook, steps = map(yaml.safe_load, blocks("yaml"))
    defined = [hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())]
    [used] = [entry["id"] for entry in hook["repos"][0]["hooks"]]
    assert used in defined
    assert all(f"`{name}`" in README for name in defined if name != used)
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    assert set(steps[-1]["with"]) < set(action["inputs"])


def table(heading: str) -> list[list[str]]:
    """The cells of the rows of the table whose first line begins with *heading*."""
    [rows] = re.findall(rf"^\| {re.escape(heading)} \|.*\n\|[-|]+\n((?:\|.*\n)+)", README, re.MULTILINE)
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows.splitlines()]


def test_every_format_is_in_the_table() -> None:
    named = [name for cells in table("`--format`") for name in re.findall(r"`(\w+)`", cells[0])]
    assert sorted(named) == sorted(FORMATS)


@pytest.mark.parametrize(("variable", "value"), [("GITHUB_ACTIONS", "true"), ("TF_BUILD", "True")])
def test_the_formats_that_choose_themselves(variable: str, value: str) -> None:
    chosen = [cells[0].strip("`") for cells in table("`--format`") if "Chosen by itself" in cells[1]]
    default = run_maillint("check", BEFORE, env={variable: value}).stdout
    assert default in [run_maillint("check", "--format", name, BEFORE).stdout for name in chosen]


def test_every_place_is_in_the_table() -> None:
    links = [re.findall(r"\]\((.+?)\)", cells[1]) for cells in table("place")]
    assert all(len(link) == 1 and (ROOT / link[0]).exists() for link in links), links
    linked = {ROOT / path for [path] in links}
    for path in (ROOT / "integrations").rglob("*"):
        assert path.is_dir() or not linked.isdisjoint((path, *path.parents)), path
