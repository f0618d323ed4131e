"""Settings files: found, read, merged with the command line, and refused with a reason."""

from pathlib import Path

import pytest

from maillint.engine.plan import Plan, Planner
from maillint.engine.registry import Registry
from maillint.engine.rule import Rule
from maillint.engine.settings import KEYS, Layer, Settings, SettingsError, find_layer


def write(directory: Path, name: str, text: str) -> Path:
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / name
    path.write_text(text)
    return path


def test_nearest_file_upward_counts(tmp_path: Path) -> None:
    write(tmp_path, "maillint.toml", 'fail-on = "error"')
    inner = write(tmp_path / "a/b", "pyproject.toml", '[tool.maillint]\nfail-on = "info"')
    write(tmp_path / "a/b/c", "pyproject.toml", '[project]\nname = "maillint-users"')
    (tmp_path / "a/b/c/d").mkdir()
    layer = find_layer(str(tmp_path / "a/b/c/d"))
    assert layer is not None
    assert (layer.origin, layer.get("fail-on")) == (str(inner), "info")
    above = find_layer(str(tmp_path / "a"))
    assert above is not None
    assert above.get("fail-on") == "error"


def test_no_file_means_defaults(tmp_path: Path) -> None:
    settings = Settings(Layer({}, "command line"))
    assert settings.get("fail-on") == "warning"
    assert settings.get("select") is None
    for key in KEYS:
        settings.get(key.name)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("igmore = []", ["igmore", "did you mean ignore?"]),
        ("colour = true", ["colour"]),
        ('ignore = "myorigin-unset"', ["ignore", "a list of strings"]),
        ("ignore = [1]", ["ignore", "a list of strings"]),
        ("fail-on = 3", ["fail-on", "a string"]),
        ('fail-on = "erorr"', ["fail-on", "error, warning, info, never", "'erorr'"]),
        ('min-confidence = "sure"', ["min-confidence", "low, medium, high"]),
        ('postfix-version = "three"', ["postfix-version", "'three'"]),
        ("postfix-version = 3.7", ["postfix-version", "3.7"]),
        ('resolver = "dns.example.com"', ["resolver", "dns.example.com"]),
        ('resolver = "127.0.0.1#99999"', ["resolver", "port"]),
        ("severity = []", ["severity", "a table"]),
        ('severity = {quoted-value = "fatal"}', ["severity", "quoted-value", "info, warning, error"]),
        ("fail-on = ", ["Invalid value"]),
        ("\xff", ["maillint.toml"]),
    ],
)
def test_wrong_file_is_refused_with_file_and_key(tmp_path: Path, text: str, words: list[str]) -> None:
    path = tmp_path / "maillint.toml"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(SettingsError) as error:
        find_layer(str(tmp_path))
    for word in [str(path), *words]:
        assert word in str(error.value)


def test_pyproject_table_must_be_a_table(tmp_path: Path) -> None:
    write(tmp_path, "pyproject.toml", '[tool]\nmaillint = "yes"')
    with pytest.raises(SettingsError, match=r"tool\.maillint must be a table"):
        find_layer(str(tmp_path))


def rule(name: str, area: str) -> Rule:
    return Rule(
        name, f"rules.{name}", area, "warning", "", (), False, (), "configuration", False, False, False
    )


REGISTRY = Registry([rule("one", "a"), rule("two", "a"), rule("three", "b")])
WITH_EXTRA = Registry([rule("one", "a"), rule("extra", "a")._replace(default=False)])


@pytest.mark.parametrize(
    ("file", "command_line", "selected"),
    [
        ({}, {}, {"one", "two", "three"}),
        ({"select": ["a"]}, {}, {"one", "two"}),
        ({"select": []}, {}, set()),
        ({"ignore": ["a"]}, {}, {"three"}),
        ({"select": ["a"], "extend-select": ["three"]}, {}, {"one", "two", "three"}),
        (
            {"ignore": ["a"], "extend-select": ["one"]},
            {},
            {"one", "three"},
        ),  # a rule is stronger than an area
        ({"select": ["a"], "ignore": ["one"]}, {}, {"two"}),
        ({"select": ["one"], "ignore": ["one"]}, {}, set()),
        ({"ignore": ["one"]}, {"select": ["one"]}, {"one"}),  # the command line wins
        ({"select": ["a"]}, {"extend-select": ["b"]}, {"one", "two", "three"}),
        ({"select": ["a"]}, {"ignore": ["two"]}, {"one"}),
        ({"select": ["three"]}, {"select": ["a"]}, {"one", "two"}),
    ],
)
def test_selection(file: dict[str, object], command_line: dict[str, object], selected: set[str]) -> None:
    settings = Settings(Layer(file, "file"), Layer(command_line, "command line"))
    assert {chosen.id for chosen in Plan(settings, REGISTRY).rules} == selected


@pytest.mark.parametrize(
    ("chosen", "runs"),
    [
        ({}, False),
        ({"select": ["a"]}, False),
        ({"select": ["a", "extra"]}, True),
        ({"extend-select": ["a"]}, True),
        ({"extend-select": ["extra"]}, True),
        ({"extend-select": ["a"], "ignore": ["extra"]}, False),
    ],
)
def test_a_rule_that_is_off_by_default_must_be_asked_for(chosen: dict[str, object], runs: bool) -> None:
    plan = Plan(Settings(Layer(chosen, "file")), WITH_EXTRA)
    assert ("extra" in {rule.id for rule in plan.rules}) is runs


@pytest.mark.parametrize("key", ["select", "extend-select", "ignore"])
def test_unknown_rule_is_refused_with_the_nearest(key: str) -> None:
    with pytest.raises(
        SettingsError, match=r"somewhere: there is no rule or area 'thre'; did you mean three\?"
    ):
        Plan(Settings(Layer({key: ["thre"]}, "somewhere")), REGISTRY)


def test_unknown_rule_in_severity_is_refused() -> None:
    with pytest.raises(SettingsError, match="'four'"):
        Plan(Settings(Layer({"severity": {"four": "info"}}, "somewhere")), REGISTRY)


def test_directories_with_one_settings_file_share_a_plan(tmp_path: Path) -> None:
    write(tmp_path, "maillint.toml", 'fail-on = "error"')
    write(tmp_path / "other", "maillint.toml", 'fail-on = "info"')
    (tmp_path / "same").mkdir()
    planner = Planner(Layer({"min-confidence": "high"}, "command line"))
    plan = planner.plan(str(tmp_path))
    assert planner.plan(str(tmp_path / "same")) is plan
    assert planner.plan(str(tmp_path / "other")).settings.get("fail-on") == "info"
    assert plan.settings.get("fail-on") == "error"
    assert plan.settings.get("min-confidence") == "high"
