"""What the rules about values say of whom, and what they leave to others."""

import pytest

from maillint.engine.finding import Finding
from maillint.engine.registry import BUILT_IN, function, scan
from maillint.postfix.configuration import Configuration
from maillint.postfix.version import Version
from maillint.syntax.main_cf import parse_main_cf
from maillint.syntax.master_cf import parse_master_cf
from maillint.syntax.source import Source
from maillint_rules.values._time import in_postfix_form

RULES = {rule.id: rule for rule in scan(BUILT_IN)}

MASTER = """\
smtp inet n - y - - smtpd
submission inet n - y - - smtpd
smtp unix - - y - - smtp
cleanup unix n - y - 0 cleanup
"""


def findings(rule: str, main: str, master: str | None = MASTER, version: str | None = None) -> list[Finding]:
    config = Configuration(
        parse_main_cf(Source("main.cf", main)),
        parse_master_cf(Source("master.cf", master)) if master is not None else None,
        version=Version(version) if version is not None else None,
    )
    return list(function(RULES[rule])(config))


def only(rule: str, main: str, master: str | None = MASTER) -> Finding:
    (found,) = findings(rule, main, master)
    return found


def test_the_programs_that_read_the_value_are_named() -> None:
    found = only("bad-boolean", "smtpd_helo_required = true\n")
    assert "`smtpd` stops" in found.message
    assert found.services == ("smtp/inet", "submission/inet")


def test_a_service_with_a_value_of_its_own_does_not_stop() -> None:
    master = MASTER.replace("smtpd\nsmtp unix", "smtpd\n  -o smtpd_helo_required=yes\nsmtp unix")
    found = only("bad-boolean", "smtpd_helo_required = true\n", master)
    assert found.services == ("smtp/inet",)


def test_what_every_program_reads_stops_all() -> None:
    found = only("bad-number", "hash_queue_depth = two\n")
    assert "every Postfix program stops" in found.message
    assert found.services == ()


def test_a_value_that_only_the_old_queue_manager_reads() -> None:
    found = only("bad-number", "qmgr_fudge_factor = ten\n")
    assert "`oqmgr`, which no service here runs, would stop" in found.message


def test_a_value_that_no_service_reads_is_a_warning() -> None:
    found = only("bad-time-unit", "lmtp_connect_timeout = 5 minutes\n")
    assert found.severity == "warning"
    assert "would stop" in found.message
    assert only("bad-time-unit", "lmtp_connect_timeout = 5 minutes\n", None).severity is None


def test_an_option_for_a_program_that_does_not_read_it_harms_nobody() -> None:
    master = MASTER + "  -o smtpd_helo_required=true\n"
    assert findings("bad-boolean", "biff = no\n", master) == []


def test_an_option_of_a_program_that_is_not_postfixs_own_is_not_judged() -> None:
    master = MASTER + "own unix - n n - - mine\n  -o smtpd_helo_required=true\n"
    assert findings("bad-boolean", "biff = no\n", master) == []


@pytest.mark.parametrize(
    "line",
    [
        'smtpd_helo_required = "true"',
        "smtpd_helo_required = true # now",
        "smtpd_helo_required = true\n  biff = no",
        "smtpd_helo_required = ${true",
        "smtpd_helo_required = $nothing",
        "smtpd_helo_required = {{ helo }}",
        "smtpd_helo_required = <yes or no>",
        "smtpd_helo_required = @HELO_REQUIRED@",
        "smtpd_helo_required = %(helo)s",
        "smtpd_helo_required = true\0",
        "smtpd_helo_required = true\nsmtpd_helo_required = yes",
    ],
)
def test_what_others_have_told_or_nobody_knows_is_not_judged(line: str) -> None:
    assert findings("bad-boolean", f"{line}\n") == []


def test_a_cause_is_told_once() -> None:
    found = only("empty-required-value", "mydomain =\nmyorigin = $mydomain\nmyhostname = a.example\n")
    assert found.location.start.line == 1


def test_a_value_from_another_setting_leads_there() -> None:
    found = only("bad-boolean", "ask = 1\nsmtpd_helo_required = $ask\n")
    assert found.location.start.line == 2
    assert [place.location.start.line for place in found.related] == [1]
    assert found.fix is None, "the edit would have to be made elsewhere"


def test_the_type_is_that_of_the_version() -> None:
    line = "smtpd_forbid_bare_newline = normalize\n"
    assert findings("bad-boolean", line, version="3.7.11") == []
    assert findings("enum-value-invalid", line, version="3.7.11") == []
    assert findings("bad-boolean", line, version="3.7.9") != []
    assert findings("enum-value-invalid", line, version="3.7.9") == []


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("25M", "26214400"),
        ("25 MB", "26214400"),
        ("10,240,000", "10240000"),
        ("50 * 1024 * 1024", "52428800"),
        ("1.5k", "1536"),
        ("unlimited", "0"),
        ("lots", None),
        ("1,2", None),
        ("9" * 70, None),
        ("99999999999G", None),
    ],
)
def test_numbers_are_mended(written: str, meant: str | None) -> None:
    fix = only("bad-number", f"message_size_limit = {written}\n").fix
    assert (fix.edits[0].text if fix is not None else None) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("5 minutes", "5m"),
        ("3 d", "3d"),
        ("1h30m", "90m"),
        ("1 day, 12 hours", "36h"),
        ("1.5h", "90m"),
        ("2 months", "60d"),
        ("30M", "30m"),
        ("0.5 s", None),
        ("soon", None),
        ("", None),
        ("5 5", None),
        ("5", "5h"),
    ],
)
def test_times_are_mended(written: str, meant: str | None) -> None:
    assert in_postfix_form(written, "h") == meant


@pytest.mark.parametrize("written", ["5days", "5d", "5", "1w,", "10min", "60seconds", "2hrs", " 7"])
def test_the_rest_of_a_units_name_is_no_mistake(written: str) -> None:
    assert findings("ignored-time-suffix", f"maximal_queue_lifetime = {written}\n") == []


@pytest.mark.parametrize(
    ("written", "read"), [("2months", "2m"), ("1h30m", "1h"), ("week", "0s"), ("30ms", "30m"), ("1d12", "1d")]
)
def test_a_rest_that_is_lost_is_told(written: str, read: str) -> None:
    assert f"as `{read}`" in only("ignored-time-suffix", f"maximal_queue_lifetime = {written}\n").message


def test_a_word_of_a_later_version_is_told_as_such() -> None:
    (found,) = findings("enum-value-invalid", "smtp_tls_security_level = dane\n", version="2.10")
    assert "before Postfix 2.11" in found.message


def test_each_wrong_word_of_a_list_is_told_at_its_place() -> None:
    places = findings("enum-value-invalid", "notify_classes = bounce, Policy,\n  protocoll\n")
    assert [one.location.text for one in places] == ["Policy", "protocoll"]
    assert [one.fix.edits[0].text for one in places if one.fix] == ["policy", "protocol"]
