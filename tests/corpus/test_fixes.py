"""After ``--fix``, Postfix reads a real file as before, but for the settings that a fix is about."""

from __future__ import annotations

import os
from difflib import SequenceMatcher
from pathlib import Path

import pytest

from corpus.judged import RealConfiguration, configurations
from maillint.engine.discovery import Target
from maillint.engine.fix import SAFE, UNSAFE, Change, fix
from maillint.engine.plan import Planner
from maillint.engine.settings import Layer
from maillint.syntax.main_cf import parse_main_cf
from maillint.syntax.master_cf import parse_master_cf
from maillint.syntax.source import Source
from support import MAIN_CF, needs_corpus, needs_postfix, run_postconf_in

CONFIGURATIONS = [*configurations()]

ALL = os.environ.get("MAILLINT_PROOF") == "all"
"""Make both kinds of fixes in each, and not one of them in turn."""


def values(directory: Path, option: str) -> dict[str, str] | None:
    """What postconf prints; None: it refuses to read the files."""
    run = run_postconf_in(directory, option)
    if run.returncode:
        return None
    return {
        name.strip(): value for name, _, value in (line.partition(" =") for line in run.stdout.splitlines())
    }


def services(directory: Path) -> list[str] | None:
    run = run_postconf_in(directory, "-M")
    return None if run.returncode else run.stdout.splitlines()


def touched(change: Change) -> set[str]:
    """The names of the settings and services of which a line changed, before or after."""
    before, after = change.before.split("\n"), change.after.split("\n")
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    names: set[str] = set()
    for text, first, last in ((change.before, 1, 2), (change.after, 3, 4)):
        source = Source(change.path, text)
        changed = [range(block[first] + 1, block[last] + 2) for block in blocks if block[0] != "equal"]
        parse = parse_main_cf if os.path.basename(change.path) == MAIN_CF else parse_master_cf
        tree = parse(source)
        for node in tree.nodes:
            lines = range(source.position(node.span.start).line, source.position(node.span.end).line + 1)
            if any(lines[0] < other[-1] + 1 and other[0] <= lines[-1] for other in changed):
                names.add(getattr(node, "name", ""))
    return names


@needs_corpus
@needs_postfix
@pytest.mark.parametrize(
    ("configuration", "fixes"),
    [
        pytest.param(configuration, fixes, id=f"{configuration.name} {fixes}")
        for number, configuration in enumerate(CONFIGURATIONS)
        for fixes in ((SAFE, UNSAFE) if ALL else ((SAFE, UNSAFE)[number % 2],))
    ],
)
def test_only_what_was_meant_changes(configuration: RealConfiguration, fixes: str, tmp_path: Path) -> None:
    for name, content in configuration.files.items():
        (tmp_path / name).write_bytes(content or b"# nothing\nmaillint_test_marker = 1\n" * (name == MAIN_CF))
        os.utime(tmp_path / name, (0, 0))
    before = values(tmp_path, "-n"), values(tmp_path, "-nx"), services(tmp_path)
    target = Target(str(tmp_path), str(tmp_path / "main.cf"), str(tmp_path / "master.cf"))
    plan = Planner(Layer({}, "the test")).plan(str(tmp_path))
    plan.fixes, plan.writes_fixes = fixes, True
    outcome = fix(target, plan)
    assert not [problem for problem in outcome.problems if problem.details]
    again = fix(target, plan)
    assert again.changes == [], "fixing twice is not the same as fixing once"
    if not outcome.changes:
        return
    for name in configuration.files:
        os.utime(tmp_path / name, (0, 0))
    after = values(tmp_path, "-n"), values(tmp_path, "-nx"), services(tmp_path)
    meant = set().union(*map(touched, outcome.changes))
    if before[0] is None or after[0] is None:
        assert after[0] is not None or before[0] is None, "Postfix no longer reads it"
        return
    changed = {name for name in before[0] | after[0] if before[0].get(name) != after[0].get(name)}
    assert changed <= meant
    if before[1] is not None and after[1] is not None:
        expanded = {name for name in before[1] | after[1] if before[1].get(name) != after[1].get(name)}
        assert all("$" in after[0].get(name, "") or name in meant for name in expanded)
    if before[2] is not None and after[2] is not None:
        assert {line.split()[0] for line in {*before[2]} ^ {*after[2]}} <= meant
