"""Rules for hosts that play a role, and who may say which roles those are."""

import sys
from types import ModuleType

import pytest

from maillint.engine.finding import WARNING, Finding
from maillint.engine.places import absent_location
from maillint.engine.plan import Plan
from maillint.engine.registry import Registry
from maillint.engine.rule import rule
from maillint.engine.run import Outcome, judge
from maillint.engine.settings import COMMAND_LINE, Layer, Settings, SettingsError
from maillint.postfix.configuration import Configuration
from maillint.postfix.role import MX, NULL_CLIENT, SEND_ONLY, Told
from maillint.syntax.main_cf import parse_main_cf
from maillint.syntax.source import Source

SEND = "inet_interfaces = loopback-only\n"


def outcome(
    monkeypatch: pytest.MonkeyPatch, main: str, roles: tuple[str, ...], told: Told | None = None
) -> Outcome:
    """What comes of a rule that always has something to say, if it runs."""

    def for_some(config: Configuration):
        yield Finding(absent_location(config), "it runs")

    module = ModuleType("rule_of_the_test")
    vars(module)["for_some"] = for_some
    monkeypatch.setitem(sys.modules, module.__name__, module)
    for_some.__module__ = module.__name__
    rule(severity=WARNING, area="test", roles=roles)(for_some)
    configuration = Configuration(parse_main_cf(Source("main.cf", main)), None)
    configuration.told_roles = told
    found = Outcome()
    registry = Registry([for_some.rule])  # type: ignore[attr-defined]
    judge(configuration, Plan(Settings(Layer({}, "the test")), registry), found, lambda path: True)
    return found


@pytest.mark.parametrize(
    ("main", "roles", "runs"),
    [
        (SEND, (), True),
        (SEND, (SEND_ONLY,), True),
        (SEND, (NULL_CLIENT, SEND_ONLY), True),
        (SEND, (MX,), False),
        # Nothing tells.
        ("inet_interfaces = {{ addresses }}\n", (SEND_ONLY, MX), False),
    ],
)
def test_a_rule_runs_where_one_of_its_roles_is_sure(monkeypatch, main, roles, runs) -> None:
    assert bool(outcome(monkeypatch, main, roles).findings) is runs


def test_what_is_told_counts(monkeypatch) -> None:
    assert outcome(monkeypatch, SEND, (MX,), Told((MX,), "maillint.toml")).findings
    assert not outcome(monkeypatch, SEND, (SEND_ONLY,), Told((MX,), "maillint.toml")).findings


def test_a_failure_is_that_of_the_rule(monkeypatch) -> None:
    def fail(config, *names):
        raise LookupError("no such fact")

    monkeypatch.setattr("maillint.postfix.role.has_role", fail)
    found = outcome(monkeypatch, SEND, (MX,))
    assert not found.findings
    [problem] = found.problems
    assert (
        "the rule for-some failed (LookupError: no such fact), which is a bug in maillint" in problem.message
    )


def test_roles_are_a_tuple() -> None:
    with pytest.raises(TypeError, match="roles must be a tuple"):
        rule(severity="info", area="house", roles="mx")  # type: ignore[arg-type]


def test_settings_know_the_roles() -> None:
    assert Layer({"role": ["mx", "submission", "mx"]}, "x").get("role") == ("mx", "submission")
    with pytest.raises(SettingsError, match="x: role: there is no role 'lanhub'; did you mean lan-hub"):
        Layer({"role": ["lanhub"]}, "x")
    with pytest.raises(SettingsError, match="the roles are null-client, send-only, satellite"):
        Layer({"role": ["router"]}, "x")


def test_the_layer_that_decides() -> None:
    file, options = Layer({"role": ["mx"]}, "maillint.toml"), Layer({}, COMMAND_LINE)
    assert Settings(file, options).layer("role") is file
    assert Settings(file, options).layer("hostname") is None
