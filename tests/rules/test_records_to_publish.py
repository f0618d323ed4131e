"""What the rules about the DNS say is to be published can be published as it stands."""

from __future__ import annotations

import re

import pytest

from maillint.dns.zone import Zone
from maillint.testing import BAD, Case, Example, cases

LINE = re.compile(r"^(\S+)\. \d+ IN ([A-Z]+) (.*)$", re.MULTILINE)
FORM = re.compile(
    r"\(in a web form: name ([^\s,;]+)(?:, or @ where names are relative to it)?[,;]"
    r" type ([A-Z]+)[,;] value (.*)\)"
)
CASES = [case for case in cases() if case.rule.online and case.section == BAD]

WITH_RECORDS = frozenset({
    "dmarc-missing", "dmarc-policy-none", "dmarc-removed-tags", "fcrdns-missing", "helo-not-resolving",
    "mx-missing", "ptr-generic", "spf-helo-missing", "spf-host-not-authorised", "spf-ipv6-not-covered",
    "spf-missing", "spf-multiple-records", "spf-provider-missing", "tls-rpt-missing",
})  # fmt: skip
"""What these find is mended by publishing a record, so the record must be there."""


PLACEHOLDER = re.compile(r"\b(?:ADDRESS|HOST|DIGEST)\b")
"""What the reader has to fill in, where maillint cannot know it."""


def mends(case: Case) -> list[str]:
    findings = Example(case.fences, case.rule.id).findings(case.registry)
    return [finding.mend for finding in findings if finding.rule == case.rule.id]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_it_is_a_zone_line_and_the_parts_of_a_form(case: Case) -> None:
    for mend in mends(case):
        lines, forms = LINE.findall(mend), FORM.findall(mend)
        for name, kind, data in lines:
            value = data
            if not PLACEHOLDER.search(f"{name} {data}"):
                answer = Zone(f"{name}. 3600 IN {kind} {data}\n").ask(name, kind)
                assert answer.records, f"{name} {kind} {data}"
                value = "".join(answer.texts) if kind == "TXT" else data
            assert (name, kind, value) in forms, mend


@pytest.mark.parametrize("rule", sorted(WITH_RECORDS))
def test_the_record_is_there(rule: str) -> None:
    said = [mend for case in CASES if case.rule.id == rule for mend in mends(case)]
    assert any(map(LINE.search, said)), said
