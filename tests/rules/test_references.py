"""What is said once of values that cannot be expanded, and what is left to others."""

from maillint.engine.finding import Finding
from maillint.engine.registry import BUILT_IN, function, scan
from maillint.postfix.configuration import Configuration
from maillint.postfix.version import Version
from maillint.syntax.main_cf import parse_main_cf
from maillint.syntax.master_cf import parse_master_cf
from maillint.syntax.source import Source

RULES = {rule.id: rule for rule in scan(BUILT_IN)}


def findings(rule: str, main: str, master: str = "", version: str = "3.7") -> list[Finding]:
    config = Configuration(
        parse_main_cf(Source("main.cf", main)),
        parse_master_cf(Source("master.cf", master)),
        version=Version(version),
    )
    return list(function(RULES[rule])(config))


def test_a_circle_is_told_once_with_all_that_are_in_it() -> None:
    main = "mydestination = $x\nrelay_domains = $x\nx = a, $y\ny = $z\nz = $x\n"
    [found] = findings("self-reference", main)
    assert found.message.startswith("`x` refers to itself by way of `y`, `z`: each program that reads `my")
    assert found.location.text == "$y"
    assert [place.location.text for place in found.related] == ["$z", "$x"]


def test_two_circles_are_two() -> None:
    assert len(findings("self-reference", "mydestination = $mydestination\nmyorigin = $myorigin\n")) == 2


def test_an_option_that_refers_to_itself_is_no_reference_to_main_cf() -> None:
    master = "smtp inet n - y - - smtpd\n  -o smtpd_banner=$smtpd_banner\n"
    [found] = findings("self-reference", "smtpd_banner = $myhostname\n", master)
    assert found.services == ("smtp/inet",)
    assert found.location.source.path == "master.cf"


def test_what_nobody_reads_stops_nobody() -> None:
    assert findings("self-reference", "x = $x\n") == []


def test_a_branch_that_is_not_taken_leads_nowhere() -> None:
    assert findings("self-reference", "relayhost =\nmydestination = ${relayhost?{$mydestination}}\n") == []


def test_a_mistake_in_the_writing_is_told_by_macro_syntax_alone() -> None:
    main = "mydestination = $x\nx = ${y\n"
    for rule in ("self-reference", "macro-not-computable"):
        assert findings(rule, main) == []


def test_functions_come_with_a_version() -> None:
    main = "mydestination = ${domain_to_ascii{example.com}}\n"
    [found] = findings("macro-not-computable", main)
    assert "this Postfix has no functions" in found.message
    assert findings("macro-not-computable", main, version="3.12") == []
    [found] = findings("macro-not-computable", "mydestination = ${lower{X}}\n", version="3.12")
    assert "there is no function `lower`" in found.message
