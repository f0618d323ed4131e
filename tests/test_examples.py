"""The story of the refused web server: the cause is found before, and nothing after."""

import json

import pytest

from support import ROOT, needs_postfix, run_maillint, run_postconf

STORY = ROOT / "examples" / "gmail-bounce"


def test_before_shows_the_cause() -> None:
    run = run_maillint("check", "--format", "json", str(STORY / "before"))
    found = {finding["rule"]: finding for finding in json.loads(run.stdout)["findings"]}
    assert run.returncode == 1
    assert set(found) == {"myhostname-unset", "myorigin-unset"}
    severities = {rule: finding["severity"] for rule, finding in found.items()}
    # The name that is missing is behind both: it is told once as a warning.
    assert severities == {"myorigin-unset": "warning", "myhostname-unset": "info"}
    assert "550-5.7.26" in found["myorigin-unset"]["message"]
    assert "SPF record" in found["myorigin-unset"]["message"]


def test_before_knows_the_address_when_it_is_told_the_name_of_the_host() -> None:
    run = run_maillint(
        "check", "--format", "json", "--hostname", "ip-203-0-113-10.cloud.example", str(STORY / "before")
    )
    (found,) = json.loads(run.stdout)["findings"]
    assert found["rule"] == "myorigin-unset"
    assert "`user@ip-203-0-113-10.cloud.example`" in found["message"]


def test_after_has_no_findings() -> None:
    run = run_maillint("check", "--format", "json", "--fail-on", "info", str(STORY / "after"))
    assert (run.returncode, json.loads(run.stdout)["findings"]) == (0, [])


@needs_postfix
@pytest.mark.parametrize("state", ["before", "after"])
def test_postfix_has_nothing_to_complain_about(state: str) -> None:
    main, master = ((STORY / state / name).read_bytes() for name in ("main.cf", "master.cf"))
    for arguments in (("-n",), ("-nx",), ("-M",), ("-P",)):
        assert run_postconf(*arguments, main=main, master=master).stderr == ""
