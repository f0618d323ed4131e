"""CONTRIBUTING.md is true: the rule that it shows works, and the files that it names are there."""

import re
import textwrap
from pathlib import Path

import pytest

from maillint.testing import cases
from support import ROOT

TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_the_rule_it_shows_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [block] = re.findall(r"^   ````python\n(.*?)^   ````$", TEXT, re.MULTILINE | re.DOTALL)
    package = tmp_path / "rules_of_the_contributing_guide"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "relay_not_ours.py").write_text(textwrap.dedent(block))
    monkeypatch.syspath_prepend(str(tmp_path))
    found = cases(package.name)
    assert sorted(map(str, found)) == ["relay-not-ours", "relay-not-ours-bad-1", "relay-not-ours-good-1"]
    for case in found:
        case.check()


def test_the_files_it_names_exist() -> None:
    names = set(re.findall(r"`((?:linter|rules|tests)/[\w/.]+)`", TEXT))
    assert len(names) > 5
    assert {name for name in names if not (ROOT / name).exists()} == set()
