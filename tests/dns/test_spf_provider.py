"""Mail through a well-known provider: what its servers must be in, and what need not be asked."""

import json
from pathlib import Path
from typing import Any

import pytest

from maillint.postfix.facts import lines
from maillint.postfix.smarthost import provider
from support import run_maillint

GOOGLE = """\
_spf.google.com. TXT "v=spf1 include:_nb.google.com ~all"
_nb.google.com. TXT "v=spf1 ip4:198.51.100.0/24 -all"
"""
SENDGRID = 'sendgrid.net. TXT "v=spf1 ip4:192.0.2.128/25 ~all"\n'


def check(directory: Path, relay: str, record: str, others: str = "") -> dict[str, Any]:
    (directory / "main.cf").write_text(
        "compatibility_level = 3.6\nmyhostname = web.bakery.net\nmyorigin = bakery.net\n"
        f"relayhost = {relay}\n"
    )
    (directory / "bakery.zone").write_text(f"bakery.net. TXT {record}\n{others}")
    run = run_maillint(
        "check", "--zone", str(directory / "bakery.zone"), "--fail-on", "never", "--format", "json",
        "--select", "spf-provider-missing,spf-host-not-authorised", str(directory),
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    report: dict[str, Any] = json.loads(run.stdout)
    return report


@pytest.mark.parametrize(
    ("relay", "record", "severity", "confidence"),
    [
        ("[smtp.gmail.com]:587", '"v=spf1 ip4:192.0.2.1 -all"', "warning", "high"),
        ("smtp.gmail.com", '"v=spf1 -all"', "warning", "high"),
        ("[smtp.sendgrid.net]:587", '"v=spf1 include:_spf.google.com -all"', "info", "medium"),
    ],
)
def test_the_record_does_not_name_it(
    tmp_path: Path, relay: str, record: str, severity: str, confidence: str
) -> None:
    report = check(tmp_path, relay, record, GOOGLE + SENDGRID)
    [finding] = report["findings"]
    assert (finding["rule"], finding["severity"], finding["confidence"]) == (
        "spf-provider-missing", severity, confidence,
    )  # fmt: skip
    assert (finding["parameter"], finding["start"]["line"]) == ("relayhost", 4)
    name = "sendgrid.net" if "sendgrid" in relay else "_spf.google.com"
    assert f'bakery.net. 3600 IN TXT "v=spf1 include:{name} ' in finding["mend"]
    assert "gives fail for " in finding["message"]
    assert report["not_checked"] == []


@pytest.mark.parametrize(
    "record",
    [
        '"v=spf1 include:_spf.google.com -all"',
        '"v=spf1 INCLUDE:_SPF.google.com -all"',
        '"v=spf1 ip4:198.51.100.0/25 -all"',
        '"v=spf1 redirect=_spf.google.com"',
        '"v=spf1 exists:%{i}.bakery.net -all"\n198.51.100.0.bakery.net. A 127.0.0.2',
    ],
)
def test_the_record_names_it_in_one_way_or_another(tmp_path: Path, record: str) -> None:
    report = check(tmp_path, "[smtp.gmail.com]:587", record, GOOGLE)
    assert (report["findings"], report["not_checked"]) == ([], [])


def test_without_an_answer_about_its_servers_nothing_is_concluded(tmp_path: Path) -> None:
    report = check(tmp_path, "[smtp.gmail.com]:587", '"v=spf1 ip4:192.0.2.1 -all"')
    assert report["findings"] == []
    assert [note["question"] for note in report["not_checked"]] == ["_spf.google.com TXT"]


@pytest.mark.parametrize(
    ("relay", "words"),
    [
        ("[email-smtp.eu-west-1.amazonaws.com]:587", "a domain of its own into the envelope"),
        ("[relay.isp.net]", "only its operator can tell"),
    ],
)
def test_of_others_it_is_said_what_is_not_known(tmp_path: Path, relay: str, words: str) -> None:
    report = check(tmp_path, relay, '"v=spf1 ip4:192.0.2.1 -all"')
    assert report["findings"] == []
    [note] = report["not_checked"]
    assert words in note["reason"]
    assert note["rule"] == "spf-host-not-authorised"


def test_each_provider_with_an_include_has_its_source() -> None:
    for line in lines("smart_hosts"):
        host, *_, includes, envelope, source = line.split("\t")
        assert bool(source) == bool(includes or envelope), host
        found = provider(host.replace("*", "eu-west-1"))
        assert found is not None
        assert found.includes == tuple(includes.split())
