"""The registry: one door for the built-in rules and for a stranger's."""

import sys
from pathlib import Path

import pytest

from maillint.engine import index
from maillint.engine.registry import BUILT_IN, Registry, RegistryError, function, scan

RULE = '''"""A rule."""
from maillint.engine.rule import rule
@rule(severity="warning", area="ours")
def {name}(config):
    yield from ()
'''


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory of packages that can be imported, and are forgotten after the test."""
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)
    yield tmp_path  # type: ignore[misc]
    for name in set(sys.modules) - before:
        if name.startswith("stranger"):
            del sys.modules[name]


def package(site: Path, name: str, **modules: str) -> None:
    (site / name).mkdir()
    for module, text in {"__init__": "", **modules}.items():
        (site / name / f"{module}.py").write_text(text)


def test_index_of_the_built_in_rules_is_current() -> None:
    assert Path(index.path(BUILT_IN)).read_text(encoding="utf-8") == index.rendered(BUILT_IN), (
        "run python -m maillint.engine.index"
    )


def test_built_in_rules_stand_in_the_folder_of_their_area() -> None:
    for rule in scan(BUILT_IN):
        assert rule.module == f"{BUILT_IN}.{rule.area.replace('-', '_')}.{rule.id.replace('-', '_')}"
        assert function(rule).rule == rule  # type: ignore[attr-defined]


def test_the_index_tells_which_rules_have_fixes() -> None:
    known = Registry.load().rules
    assert known["bad-boolean"].fixable
    assert not known["alias-loop"].fixable


def test_package_without_index_is_scanned(site: Path) -> None:
    package(site, "stranger", one=RULE.format(name="one"), _helper="raise RuntimeError('not a rule')")
    (site / "stranger/deep").mkdir()
    (site / "stranger/deep/__init__.py").write_text("from ..one import one\n")
    (site / "stranger/deep/two.py").write_text(RULE.format(name="two"))
    registry = Registry.load(["stranger"])
    assert [(rule.id, rule.module) for rule in registry.rules.values()] == [
        ("one", "stranger.one"),
        ("two", "stranger.deep.two"),
    ]
    assert registry.areas == {"ours"}


def test_package_with_index_is_not_imported(site: Path) -> None:
    package(site, "stranger", one=RULE.format(name="one"))
    assert index.main(["stranger"]) == 0
    for name in [name for name in sys.modules if name.startswith("stranger")]:
        del sys.modules[name]
    registry = Registry.load(["stranger"])
    assert list(registry.rules) == ["one"]
    assert "stranger.one" not in sys.modules
    assert list(function(registry.rules["one"])(None)) == []


def test_single_module_is_a_package_too(site: Path) -> None:
    (site / "stranger.py").write_text(RULE.format(name="one"))
    assert list(Registry.load(["stranger"]).rules) == ["one"]


def test_missing_package() -> None:
    with pytest.raises(RegistryError, match="'no_such_rules' is not installed"):
        Registry.load(["no_such_rules"])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("import no_such_module", "ModuleNotFoundError: No module named 'no_such_module'"),
        ("1 / 0", "ZeroDivisionError"),
        ("def (", "SyntaxError"),
        ("raise SystemExit(3)", "SystemExit: 3"),
    ],
)
@pytest.mark.parametrize("module", ["one", "__init__"])
def test_module_that_cannot_be_imported(site: Path, text: str, words: str, module: str) -> None:
    package(site, "stranger", **{module: text})
    with pytest.raises(RegistryError) as error:
        Registry.load(["stranger"])
    assert words in str(error.value)
    assert ("stranger.one" if module == "one" else "stranger") in str(error.value)


def test_package_without_rules(site: Path) -> None:
    package(site, "stranger", one="")
    with pytest.raises(RegistryError, match="stranger has no rules"):
        Registry.load(["stranger"])


def test_two_rules_with_one_id(site: Path) -> None:
    package(site, "stranger", one=RULE.format(name="one"), two=RULE.format(name="one"))
    with pytest.raises(RegistryError, match=r"id one: stranger\.one and stranger\.two"):
        Registry.load(["stranger"])


def test_nearest_name() -> None:
    with pytest.raises(RegistryError, match="did you mean quoted-value"):
        Registry.load().matching(["quoted-valeu"])
