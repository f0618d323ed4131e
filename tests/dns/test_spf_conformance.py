"""check_host() against the RFC 7208 test suite, all of it."""

from pathlib import Path
from typing import Any, NamedTuple

import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import pytest
import yaml

from lab.dns_server import nsd
from maillint.dns.answer import (
    ANSWER,
    BAD_NAME,
    BAD_REPLY,
    NODATA,
    NXDOMAIN,
    TIMEOUT,
    Answer,
    Lookup,
    Question,
    domain_name,
)
from maillint.dns.resolver import Resolver
from maillint.dns.spf_check import TEMPERROR, check_host
from support import needs_nsd

SUITE = Path(__file__).parent / "conformance" / "rfc7208-tests.yml"


class SuiteDns:
    """Answers from the ``zonedata`` of one scenario, as the suite's README says."""

    def __init__(self, zonedata: dict[str, list[Any]]) -> None:
        self._names: dict[str, list[Any]] = {}
        for name, entries in zonedata.items():
            self._names[name.lower().removesuffix(".")] = _with_txt(entries)

    def is_public(self, name: str) -> bool:
        return False

    def ask(self, name: str, rdtype: str) -> Answer:
        question = Question(name.lower().removesuffix("."), rdtype)
        chain: list[str] = []
        try:
            domain_name(name)
        except ValueError as error:
            return Answer(question, BAD_NAME, detail=str(error))
        name = question.name
        while True:
            entries = self._names.get(name)
            if entries is None:
                return Answer(question, NXDOMAIN)
            values = [entry[rdtype] for entry in entries if isinstance(entry, dict) and rdtype in entry]
            if values and values != ["NONE"]:
                return Answer(question, ANSWER, tuple(_record(rdtype, value) for value in values))
            if "TIMEOUT" in entries:
                return Answer(question, TIMEOUT)
            alias = next((entry["CNAME"] for entry in entries if "CNAME" in entry), None)
            if alias is None:
                return Answer(question, NODATA)
            if alias in chain:
                return Answer(question, BAD_REPLY)
            chain.append(alias)
            name = alias.lower()


def _with_txt(entries: list[Any]) -> list[Any]:
    """SPF records stand for TXT records, unless the name has TXT records of its own."""
    if any(isinstance(entry, dict) and "TXT" in entry for entry in entries):
        return entries
    copies = [{"TXT": entry["SPF"]} for entry in entries if isinstance(entry, dict) and "SPF" in entry]
    return copies + entries


def _record(rdtype: str, value: Any) -> dns.rdata.Rdata:
    kind = dns.rdatatype.from_text(rdtype)
    cls = dns.rdata.get_rdata_class(dns.rdataclass.IN, kind)
    if rdtype == "TXT":
        strings = [value] if isinstance(value, str) else value
        data = [string.encode("latin-1") for string in strings] or [b""]
        chunks = [string[at : at + 255] for string in data for at in range(0, max(len(string), 1), 255)]
        return cls(dns.rdataclass.IN, kind, chunks)
    if rdtype == "MX":
        preference, exchange = value
        return cls(dns.rdataclass.IN, kind, preference, domain_name(exchange) if exchange else dns.name.root)
    if rdtype in ("PTR", "CNAME"):
        return cls(dns.rdataclass.IN, kind, domain_name(value))
    return cls(dns.rdataclass.IN, kind, value)


class Scenario(NamedTuple):
    description: str
    tests: dict[str, dict[str, Any]]
    zonedata: dict[str, list[Any]]

    def __str__(self) -> str:
        return self.description


def load() -> list[Scenario]:
    with open(SUITE, encoding="utf-8") as file:
        return [
            Scenario(document["description"], document["tests"], document["zonedata"])
            for document in yaml.safe_load_all(file)
            if document
        ]


SCENARIOS = load()
CASES = [(scenario, name) for scenario in SCENARIOS for name in scenario.tests]


def judge(dns: Lookup, test: dict[str, Any]) -> str:
    """What is wrong with the verdict on *test*; empty when nothing is."""
    verdict = check_host(dns, test["host"], test["mailfrom"], test["helo"], explanation="DEFAULT")
    allowed = test["result"] if isinstance(test["result"], list) else [test["result"]]
    if verdict.result not in allowed or not verdict.reason:
        trace = "\n".join(map(str, verdict.trace))
        return f"{verdict.result}, not {allowed}: {verdict.reason}\n{trace}"
    if "explanation" in test and verdict.result == "fail" and verdict.explanation != test["explanation"]:
        return f"explained as {verdict.explanation!r}, not {test['explanation']!r}"
    return ""


def test_the_suite_is_whole() -> None:
    assert (len(SCENARIOS), len(CASES)) == (16, 203)


@pytest.mark.parametrize(("scenario", "name"), CASES, ids=str)
def test_conformance(scenario: Scenario, name: str) -> None:
    assert judge(SuiteDns(scenario.zonedata), scenario.tests[name]) == ""


@needs_nsd
@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
def test_conformance_over_the_wire(scenario: Scenario) -> None:
    """The same with the real resolver and the real nsd, which cannot be silent: those tests are left out."""
    tests = {name: test for name, test in scenario.tests.items() if TEMPERROR not in test["result"]}
    with nsd({".": zone_file(scenario.zonedata)}) as address:
        resolver = Resolver(address)
        wrong = {name: found for name, test in tests.items() if (found := judge(resolver, test))}
    assert wrong == {}


def zone_file(zonedata: dict[str, list[Any]]) -> str:
    lines = ["$TTL 60", ". SOA ns. admin. 1 3600 600 86400 60", ". NS ns.", "ns. A 127.0.0.1"]
    for name, entries in zonedata.items():
        for entry in _with_txt(entries):
            for rdtype, value in entry.items() if isinstance(entry, dict) else ():
                if rdtype != "SPF" and value != "NONE":
                    lines.append(f"{domain_name(name)} {rdtype} {_record(rdtype, value)}")
    return "\n".join(lines) + "\n"
