"""Which rules a run calls."""

import sys
from types import ModuleType

import pytest

from maillint.engine.finding import WARNING, Finding
from maillint.engine.places import absent_location
from maillint.engine.plan import Plan
from maillint.engine.registry import Registry
from maillint.engine.rule import rule
from maillint.engine.run import Outcome, judge
from maillint.engine.settings import Layer, Settings
from maillint.postfix.configuration import Configuration
from maillint.syntax.main_cf import parse_main_cf
from maillint.syntax.source import Source


def module(monkeypatch: pytest.MonkeyPatch, name: str, **contents: object) -> str:
    made = ModuleType(name)
    vars(made).update(contents)
    monkeypatch.setitem(sys.modules, name, made)
    return name


def rules_that_speak(*functions: object) -> tuple[list[str], list[str]]:
    """The rules with a finding, and the problems, of a run of these rules over a small configuration."""
    configuration = Configuration(parse_main_cf(Source("main.cf", "mydomain = example.com\n")), None)
    registry = Registry(function.rule for function in functions)  # type: ignore[attr-defined]
    outcome = Outcome()
    judge(configuration, Plan(Settings(Layer({}, "the test")), registry), outcome, lambda path: True)
    return [finding.rule for finding in outcome.findings], [str(problem) for problem in outcome.problems]


def noting_rule(monkeypatch: pytest.MonkeyPatch, noted: object) -> object:
    notes = module(monkeypatch, "notes_of_the_test", noted=noted)

    def noted_thing(config: Configuration):
        yield Finding(absent_location(config), "found")

    noted_thing.__module__ = module(monkeypatch, "rule_of_the_test", noted_thing=noted_thing)
    return rule(severity=WARNING, area="test", noted=(notes, "this", "that"))(noted_thing)


@pytest.mark.parametrize(
    ("words", "speaks"), [({"that", "other"}, True), ({"other"}, False), (frozenset(), False)]
)
def test_a_rule_runs_when_one_of_its_words_is_noted(monkeypatch, words, speaks):
    calling = noting_rule(monkeypatch, lambda configuration: frozenset(words))
    assert rules_that_speak(calling) == (["noted-thing"] if speaks else [], [])


def test_what_cannot_take_notes_does_not_silence_the_rule(monkeypatch):
    def noted(configuration):
        raise ZeroDivisionError

    assert rules_that_speak(noting_rule(monkeypatch, noted)) == (["noted-thing"], [])
