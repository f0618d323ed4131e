"""The rules about tables beside main.cf: when they look, and what of a table they never show."""

from pathlib import Path

import pytest

from maillint.engine.discovery import Target, discover
from maillint.engine.plan import Planner
from maillint.engine.run import Outcome, check
from maillint.engine.settings import Layer

MAIN_CF = "myhostname = mail.example.com\nmyorigin = $mydomain\ncompatibility_level = 3.6\n"


def judged(path: Path) -> Outcome:
    [target] = discover([str(path)])
    assert isinstance(target, Target)
    outcome = check(target, Planner(Layer({}, "the test")).plan(target.directory))
    assert outcome.problems == []
    return outcome


def rules(outcome: Outcome) -> list[tuple[str, int]]:
    return [(finding.rule, finding.location.start.line) for finding in outcome.findings]


def write(folder: Path, setting: str, **files: str) -> Path:
    (folder / "main.cf").write_text(f"{MAIN_CF}{setting}\n")
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder


def test_tables_are_looked_at_where_a_directory_is_named_only(tmp_path: Path) -> None:
    write(tmp_path, "virtual_alias_maps = hash:/etc/postfix/virtual", virtual="alone\n")
    assert rules(judged(tmp_path)) == [("table-bad-line", 1)]
    assert rules(judged(tmp_path / "main.cf")) == []


@pytest.mark.parametrize("name", ["/etc/postfix/virtual", "$config_directory/virtual", "{dir}/virtual"])
def test_the_directory_stands_for_the_usual_one(name: str, tmp_path: Path) -> None:
    name = name.replace("{dir}", str(tmp_path))
    write(tmp_path, f"virtual_alias_maps = hash:{name}", virtual="alone\n")
    assert rules(judged(tmp_path)) == [("table-bad-line", 1)]


@pytest.mark.parametrize("name", ["/etc/mail/virtual", "/etc/postfix/../virtual", "/etc/postfix/other"])
def test_files_elsewhere_are_not_looked_at(name: str, tmp_path: Path) -> None:
    write(tmp_path, f"virtual_alias_maps = hash:{name}", virtual="alone\n")
    assert rules(judged(tmp_path)) == []


def test_a_table_with_two_uses_is_judged_once(tmp_path: Path) -> None:
    setting = "header_checks = pcre:/etc/postfix/checks\nmime_header_checks = pcre:/etc/postfix/checks"
    write(tmp_path, setting, checks="/(/ REJECT\n/x/ DROP\n")
    assert rules(judged(tmp_path)) == [("regexp-syntax", 1), ("unknown-table-action", 2)]


def test_what_cannot_be_read_is_not_checked(tmp_path: Path) -> None:
    write(tmp_path, "virtual_alias_maps = hash:/etc/postfix/virtual")
    (tmp_path / "virtual").mkdir()
    outcome = judged(tmp_path)
    assert rules(outcome) == []
    [note] = outcome.not_checked
    assert "cannot be read" in note.reason


def test_the_rest_of_a_table_full_of_problems_is_not_checked(tmp_path: Path) -> None:
    write(tmp_path, "virtual_alias_maps = hash:/etc/postfix/virtual", virtual="alone\n" * 1000)
    outcome = judged(tmp_path)
    assert len(outcome.findings) == 100
    [note] = outcome.not_checked
    assert "more than 100 problems" in note.reason


def test_passwords_are_not_shown(tmp_path: Path) -> None:
    setting = "smtp_sasl_password_maps = hash:/etc/postfix/sasl\nsmtp_sasl_auth_enable = yes"
    write(tmp_path, setting, sasl="host:me:hunter2\nhost me:hunter2\nhost me:hunter2 \n")
    outcome = judged(tmp_path)
    assert rules(outcome) == [("table-bad-line", 1), ("table-duplicate-key", 3)]
    said = [finding.message + finding.mend + finding.location.source.text for finding in outcome.findings]
    assert "hunter" not in "".join(said)


def test_a_comment_in_a_table_silences_a_finding_and_must_be_of_use(tmp_path: Path) -> None:
    table = (
        "# maillint: ignore[table-bad-line] it is a note\nalone\n"
        "# maillint: ignore[table-bad-line] no longer needed\nkey value\n"
    )
    write(tmp_path, "virtual_alias_maps = hash:/etc/postfix/virtual", virtual=table)
    assert rules(judged(tmp_path)) == [("unused-ignore", 3)]


def test_an_alias_table_that_others_look_into_stays_one(tmp_path: Path) -> None:
    setting = (
        "alias_maps = hash:/etc/postfix/aliases\nalias_database = $alias_maps\n"
        "local_recipient_maps = $alias_maps"
    )
    write(tmp_path, setting, aliases="root: anna@example.net\n")
    assert rules(judged(tmp_path)) == []


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("virtual_uid_maps = static:vmail", ["bad-uid-in-table"]),
        ("virtual_uid_maps = $my_ids\nmy_ids = static:vmail", ["bad-uid-in-table"]),
        ("virtual_uid_maps = static:{MTA_MAILBOX_UID}", []),
        ("virtual_uid_maps = pipemap:{ inline:{ anna=vmail }, inline:{ vmail=5000 } }", []),
        ("virtual_uid_maps = pipemap:{ inline:{ anna=a }, inline:{ a=vmail } }", ["bad-uid-in-table"]),
        ("virtual_uid_maps = unionmap:{ static:vmail, static:5000 }", ["bad-uid-in-table"]),
        ("smtp_sasl_password_maps = pcre:{ { /(/ anna:secret } }", []),
        ("mydestination = inline:{ { example.com = } }", []),
        ("smtpd_helo_restrictions = check_helo_mx_access static:OK", ["forbidden-access-result"]),
    ],
)
def test_tables_that_are_written_out(setting: str, expected: list[str], tmp_path: Path) -> None:
    write(tmp_path, setting)
    table_rules = {"bad-uid-in-table", "empty-table-result", "forbidden-access-table-result", "regexp-syntax"}
    said = [rule for rule, line in rules(judged(tmp_path)) if rule in table_rules | set(expected)]
    assert said == expected
