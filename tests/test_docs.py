"""The pages in docs/ are what the rules say today, and promise nothing that does not work."""

import json
import re
import runpy
from collections import Counter
from pathlib import Path

import pytest
import tomli
import yaml

from documents import Document, check_online_options, check_output, make_place, run_commands
from maillint.engine.docs import Fence
from maillint.engine.registry import Registry
from maillint.testing import Example
from support import ROOT, run_maillint

REGISTRY = Registry.load()
DOCS = ROOT / "docs"
GENERATED = {"postfix-complaints.md"}
TESTED_APART = {"writing-a-rule.md"}
"""Its steps build on each other: tests/test_writing_a_rule.py."""
PAGES = [Document(path) for path in sorted(DOCS.glob("*.md")) if path.name not in GENERATED]
APART = [page for page in PAGES if page.path.name not in TESTED_APART]
COMMANDS = [(page, block) for page in APART for block in page.blocks("sh")]
SETTINGS = [(page, fence) for page in APART for fence in page.fences("toml")]
CONSOLES = [(page, block) for page in PAGES for block in page.blocks("console")]
TEMPLATES = [(page, fence) for page in PAGES for fence in page.fences("main.cf.j2")]
EXAMPLES = [
    (page, fence) for page in PAGES for name in ("main.cf", "master.cf") for fence in page.fences(name)
]
SHOWN = {
    "main.cf", "master.cf", "main.cf.j2", "sh", "console", "toml", "yaml", "python", "lua", "lisp", "text",
}  # fmt: skip


def name(value: object) -> str | None:
    return str(value) if isinstance(value, Document) else None


@pytest.fixture(scope="module")
def generator() -> dict[str, object]:
    return runpy.run_path(str(DOCS / "generate.py"))


def test_complaints_are_up_to_date(generator) -> None:
    page = generator["PAGE"].read_text(encoding="utf-8")
    assert page == generator["rendered"](), "run: python docs/generate.py"


def test_the_picture_is_up_to_date(generator) -> None:
    picture = generator["PICTURE"].read_text(encoding="utf-8")
    assert picture == generator["picture"].rendered(), "run: python docs/generate.py"


@pytest.mark.parametrize(("page", "block"), CONSOLES, ids=name)
def test_output_is_what_the_command_prints(page: Document, block: str) -> None:
    check_output(block)


@pytest.mark.parametrize(("page", "block"), COMMANDS, ids=name)
def test_commands(page: Document, block: str, tmp_path: Path) -> None:
    make_place(tmp_path)
    run_commands(block, tmp_path)
    check_online_options(block.splitlines())


@pytest.mark.parametrize(("page", "fence"), EXAMPLES, ids=name)
def test_configurations(page: Document, fence: Fence) -> None:
    """A configuration has the findings that stand behind its name, and no other."""
    example = Example([fence])
    found = Counter(
        (fence.info[0], finding.rule, finding.location.start.line) for finding in example.findings(REGISTRY)
    )
    assert found == example.expected


@pytest.mark.parametrize(("page", "fence"), EXAMPLES, ids=name)
def test_ignore_comments_are_needed(page: Document, fence: Fence) -> None:
    rules = re.findall(r"ignore(?:-file|-start)?\[([a-z-, ]+)\]", fence.text)
    silenced = {rule.strip() for names in rules for rule in names.split(",")}
    bare = re.sub("^# maillint: ignore.*\n", "", fence.text, flags=re.MULTILINE)
    found = {finding.rule for finding in Example([fence._replace(text=bare)]).findings(REGISTRY)}
    assert silenced <= found


@pytest.mark.parametrize(("page", "fence"), TEMPLATES, ids=name)
def test_templates(page: Document, fence: Fence, tmp_path: Path) -> None:
    (tmp_path / fence.info[0]).write_text(fence.text)
    run = run_maillint("check", "--format", "json", tmp_path)
    found = [
        f"{finding['rule']}@{finding['start']['line']}" for finding in json.loads(run.stdout)["findings"]
    ]
    assert found == list(fence.info[1:])


@pytest.mark.parametrize(("page", "fence"), SETTINGS, ids=name)
def test_settings(page: Document, fence: Fence, tmp_path: Path) -> None:
    """Settings are taken as they stand, but for a plug-in that nobody has."""
    values = tomli.loads(fence.text)
    make_place(tmp_path)
    (tmp_path.parent / "common.toml").write_text("")
    (tmp_path / "maillint.toml").write_text(fence.text)
    run = run_maillint("check", "--fail-on", "never", ".", cwd=tmp_path)
    if values.get("plugins"):
        assert f"package of rules {values['plugins'][0]!r} is not installed" in run.stderr
    else:
        assert run.returncode == 0, run.stderr


def test_what_is_shown_of_ci_files_is_right() -> None:
    hook, steps, task = map(yaml.safe_load, Document(DOCS / "ci.md").blocks("yaml"))
    defined = [hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())]
    assert {entry["id"] for entry in hook["repos"][0]["hooks"]} <= set(defined)
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    assert set(steps[-1]["with"]) < set(action["inputs"])
    [play] = yaml.safe_load((ROOT / "integrations/ansible/postfix.yml").read_text())
    ours = play["tasks"][0]["ansible.builtin.template"]["validate"]
    shown = task[0]["ansible.builtin.template"]["validate"]
    assert shown == ours.replace("{{ postfix_directory }}/{{ item }}", "/etc/postfix/main.cf")


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_fence_is_looked_at(page: Document) -> None:
    """A fence whose first word means nothing would be tested by nobody."""
    assert {fence.info[0] for fence in page.fences()} <= SHOWN


@pytest.mark.parametrize("page", [*PAGES, Document(ROOT / "README.md")], ids=str)
def test_links_in_the_repository_lead_somewhere(page: Document) -> None:
    prose = re.sub(r"^(`{3,}).*?^\1$", "", page.text, flags=re.MULTILINE | re.DOTALL)
    for link in re.findall(r"\]\(([^)]+)\)", prose):
        target = link.partition("#")[0]
        made = target.startswith(("areas/", "rules/", "reference/", "parameters/"))  # tests/test_site.py
        if target and "://" not in target and not made:
            assert (page.path.parent / target).exists(), link


def test_every_format_is_in_the_guide() -> None:
    rows = {line for line in (DOCS / "formats.md").read_text().splitlines() if line.startswith("| `")}
    readme = {line for line in (ROOT / "README.md").read_text().splitlines() if line.startswith("| `")}
    assert rows <= readme
