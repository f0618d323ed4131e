"""What rules note before they run hides nothing: with and without it, all rules find the same."""

import pytest

from corpus.judged import configurations, findings
from maillint.engine import registry, run
from maillint.engine.discovery import Target, discover
from maillint.engine.finding import Finding
from maillint.engine.plan import Plan
from maillint.engine.registry import BUILT_IN, Registry
from maillint.engine.settings import Layer, Settings
from maillint.testing import Case, Example, cases
from support import ROOT, needs_corpus

GATED = Registry.load((BUILT_IN,))
UNGATED = Registry(rule._replace(noted=()) for rule in GATED.rules.values())

EVERY = 4
"""Of the real configurations, one in so many is looked at."""


def told(findings: list[Finding]) -> list[str]:
    return [f"{found.rule} {found.location.span} {found.severity} {found.message}" for found in findings]


@pytest.mark.parametrize("case", [case for case in cases() if case.section], ids=str)
def test_notes_hide_no_finding_of_an_example(case: Case) -> None:
    example = Example(case.fences)
    assert told(example.findings(GATED)) == told(example.findings(UNGATED))


@needs_corpus
def test_notes_hide_no_finding_of_a_real_configuration() -> None:
    gated, ungated = (
        Plan(Settings(Layer({}, "the test")), known, ignores=False) for known in (GATED, UNGATED)
    )
    for configuration in [*configurations()][::EVERY]:
        assert told(findings(configuration, gated)) == told(findings(configuration, ungated)), configuration


RIGHT = sorted(path for path in (ROOT / "examples" / "configurations").iterdir() if path.is_dir())


@pytest.mark.parametrize("directory", RIGHT, ids=lambda path: path.name)
def test_few_rules_are_imported_for_a_right_configuration(directory, monkeypatch) -> None:
    imported = []
    load = registry.function
    monkeypatch.setattr(registry, "function", lambda rule: imported.append(rule.id) or load(rule))
    [target] = discover([str(directory)])
    assert isinstance(target, Target)
    outcome = run.check(target, Plan(Settings(Layer({}, "the test")), GATED))
    assert outcome.configurations == 1
    assert len(imported) < len(GATED.rules) / 8, imported
