"""Settings files: found, read, merged with the command line, and refused with a reason."""

from pathlib import Path

import pytest

from maillint.engine.finding import Finding
from maillint.engine.patterns import Patterns
from maillint.engine.plan import Plan, Planner
from maillint.engine.registry import Registry
from maillint.engine.rule import Rule
from maillint.engine.settings import KEYS, Layer, Settings, SettingsError
from maillint.engine.settings_file import find_layers
from maillint.syntax.source import Location, Source, Span


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
    (layer,) = find_layers(str(tmp_path / "a/b/c/d"))
    assert (layer.origin, layer.get("fail-on")) == (str(inner), "info")
    (above,) = find_layers(str(tmp_path / "a"))
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
        ("require-reason = 1", ["require-reason", "true or false"]),
        ('exclude = "vendor"', ["exclude", "a list of strings"]),
        ('extends = "missing.toml"', ["missing.toml", "there is no file"]),
        ('extends = "maillint.toml"', ["extends", "no end"]),
        ("overrides = {}", ["overrides", "a list of tables"]),
        ('[[overrides]]\nignore = ["a"]', ["overrides", "paths"]),
        ('[[overrides]]\npaths = ["a"]\nextends = "b"', ["overrides", "[1]", "extends"]),
        ('[[overrides]]\npaths = ["a"]\nfail-on = "never!"', ["overrides[1]", "fail-on"]),
        ('[[site]]\nname = "tls"', ["site", "no `parameter`"]),
        ('[[site]]\nname = "tls"\nparameter = "myorigin"', ["site", "tls demands nothing"]),
        ('[[site]]\nname = "TLS"\nparameter = "myorigin"\nset = true', ["site", "'TLS'", "small letters"]),
        ('[[site]]\nname = "a"\nparameter = "myorigni"\nset = true', ["did you mean myorigin?"]),
        ('[[site]]\nname = "a"\nparameter = "myorigin"\nsat = true', ["'sat'"]),
        ('[[site]]\nname = "a"\nparameter = "myorigin"\none-of = "b"', ["one-of", "a list of strings"]),
        ('[[site]]\nname = "a"\nparameter = "myorigin"\nat-most = 3', ["at-most", "no amount"]),
        ('[[site]]\nname = "a"\nparameter = "queue_run_delay"\nat-most = "soon"', ["at-most", "'soon'"]),
        ('[[site]]\nname = "a"\nparameter = "myorigin"\nset = true\nroles = ["mxx"]', ["mxx"]),
        ('[[site]]\nname = "a"\nparameter = "myorigin"\nset = true\nseverity = "x"', ["severity", "'x'"]),
        ("\xff", ["maillint.toml"]),
    ],
)
def test_wrong_file_is_refused_with_file_and_key(tmp_path: Path, text: str, words: list[str]) -> None:
    path = tmp_path / "maillint.toml"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(SettingsError) as error:
        find_layers(str(tmp_path))
    for word in [str(path), *words]:
        assert word in str(error.value)


def test_pyproject_table_must_be_a_table(tmp_path: Path) -> None:
    write(tmp_path, "pyproject.toml", '[tool]\nmaillint = "yes"')
    with pytest.raises(SettingsError, match=r"tool\.maillint must be a table"):
        find_layers(str(tmp_path))


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


def test_extended_files_are_weaker(tmp_path: Path) -> None:
    write(tmp_path, "company.toml", 'fail-on = "info"\nmin-confidence = "high"\nbaseline = "known.json"')
    write(tmp_path / "a", "pyproject.toml", '[tool.maillint]\nextends = "../company.toml"')
    write(tmp_path / "a/b", "maillint.toml", 'extends = ["../pyproject.toml"]\nfail-on = "error"')
    settings = Planner(Layer({}, "command line")).plan(str(tmp_path / "a/b")).settings
    assert settings.get("fail-on") == "error"
    assert settings.get("min-confidence") == "high"
    assert Path(settings.get("baseline")).resolve() == tmp_path.resolve() / "known.json"


def test_severities_of_several_files_go_together(tmp_path: Path) -> None:
    write(tmp_path, "base.toml", '[severity]\nquoted-value = "info"\ninline-comment = "info"')
    write(tmp_path / "a", "maillint.toml", 'extends = "../base.toml"\n[severity]\ninline-comment = "error"')
    plan = Planner(Layer({}, "command line")).plan(str(tmp_path / "a"))
    rules = plan.registry.rules
    finding = Finding(Location(Source("main.cf", ""), Span(0, 0)), "message")
    assert plan.severity(rules["quoted-value"], finding) == "info"
    assert plan.severity(rules["inline-comment"], finding) == "error"


def test_overrides_are_for_their_paths(tmp_path: Path) -> None:
    write(
        tmp_path,
        "maillint.toml",
        'fail-on = "error"\n[[overrides]]\npaths = ["lab/**", "old.cf"]\nfail-on = "never"\n'
        '[[overrides]]\npaths = ["lab/mx"]\nfail-on = "info"',
    )
    for name in ("lab/mx", "lab/web", "live"):
        (tmp_path / name).mkdir(parents=True)
    planner = Planner(Layer({}, "command line"))

    def fails_on(name: str, *files: str) -> str:
        directory = str(tmp_path / name)
        plan = planner.plan(directory, *(f"{directory}/{file}" for file in files))
        return str(plan.settings.get("fail-on"))

    assert [fails_on(name) for name in ("live", "lab/web", "lab/mx")] == ["error", "never", "info"]
    assert (fails_on("live", "main.cf"), fails_on("live", "old.cf")) == ("error", "never")


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("vendor", "vendor", True),
        ("vendor", "a/vendor/b/main.cf", True),
        ("vendor/", "vendor/main.cf", True),
        ("./vendor", "a/vendor", False),
        ("/vendor", "a/vendor", False),
        ("/vendor", "vendor/a", True),
        ("vendor", "vendors", False),
        ("*.cf", "a/b/main.cf", True),
        ("a/*.cf", "a/b/main.cf", False),
        ("a/**/main.cf", "a/main.cf", True),
        ("a/**/main.cf", "a/b/c/main.cf", True),
        ("a/**", "a/b/c", True),
        ("a/**", "a", False),
        ("**/x", "x", True),
        ("m??n.cf", "main.cf", True),
        ("m?in.cf", "m/in.cf", False),
        ("a.b", "aXb", False),
        ("[a]", "[a]/x", True),
    ],
)
def test_patterns(pattern: str, path: str, matches: bool) -> None:
    assert Patterns([pattern], "/etc").match([f"/etc/{path}"]) is matches


@pytest.mark.parametrize(
    "text",
    [
        '[tool.maillint]\nfail-on = "info"',
        '[ tool . "maillint" ]\nfail-on = "info"',
        "['tool'.maillint]\nfail-on = \"info\"",
        '[ tool ]\nmaillint = {fail-on = "info"}',
        '[tool]\nmaillint.fail-on = "info"',
        'tool.maillint.fail-on = "info"',
        'tool = {maillint = {fail-on = "info"}}',
    ],
)
def test_pyproject_table_is_found_however_it_is_written(tmp_path: Path, text: str) -> None:
    write(tmp_path, "pyproject.toml", text)
    [layer] = find_layers(str(tmp_path))
    assert layer.get("fail-on") == "info"
