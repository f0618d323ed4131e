"""``maillint rules``: the filters, and the list as JSON."""

import json
from typing import Any

import pytest

from maillint.engine.registry import Registry
from support import ROOT, run_maillint

ALL = Registry.load().rules


def listed(*arguments: str) -> list[dict[str, Any]]:
    run = run_maillint("rules", "--format", "json", *arguments, cwd=ROOT)
    assert (run.returncode, run.stderr) == (0, "")
    found: list[dict[str, Any]] = json.loads(run.stdout)["rules"]
    return found


def test_without_filters_all_rules_are_listed() -> None:
    assert [rule["id"] for rule in listed()] == list(ALL)


@pytest.mark.parametrize("flag", ["online", "fixable", "security", "default"])
def test_properties_part_the_rules_in_two(flag: str) -> None:
    with_it, without = listed(f"--{flag}"), listed(f"--no-{flag}")
    assert with_it and all(rule[flag] for rule in with_it)
    assert without and not any(rule[flag] for rule in without)
    assert len(with_it) + len(without) == len(ALL)


def test_filters_narrow_each_other() -> None:
    found = listed(
        "tls", "--severity", "error", "--severity", "warning", "--parameter", "smtpd_tls_protocols"
    )
    assert {rule["id"] for rule in found} == {
        rule.id
        for rule in ALL.values()
        if rule.area == "tls" and rule.severity != "info" and "smtpd_tls_protocols" in rule.parameters
    }
    assert found
    assert listed("tls", "--online") == []


def test_as_text() -> None:
    run = run_maillint("rules", "--no-default", "style", cwd=ROOT)
    assert run.stdout.startswith("style:\n  default-restated ")
    _, *rules = run.stdout.splitlines()
    assert all(line.endswith("(off by default)") for line in rules)
    assert run_maillint("rules", "tls", "--online", cwd=ROOT).stdout == ""


def test_names_that_mean_nothing() -> None:
    for arguments, said in (
        (("sintax",), "did you mean syntax?"),
        (
            ("--parameter", "mydestinatoin"),
            "there is no parameter 'mydestinatoin'; did you mean mydestination?",
        ),
        (("--severity", "fatal"), "invalid choice"),
    ):
        run = run_maillint("rules", *arguments, cwd=ROOT)
        assert (run.returncode, run.stdout) == (2, "")
        assert said in run.stderr
