"""What maillint calls an error in a real configuration, the real Postfix does not take either."""

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from corpus.judged import RealConfiguration, configurations, findings, plan
from corpus.reenacted import Reenactment, reenact
from maillint.engine.finding import ERROR, Finding
from maillint.engine.rule import Rule
from maillint.syntax.main_cf import parse_main_cf
from maillint.syntax.source import Source
from postfix.oracle import installed_version
from support import needs_corpus, needs_postfix, needs_root

pytestmark = [needs_corpus, needs_postfix, needs_root]

AREAS = frozenset(
    (
        "delivery",
        "lists",
        "master",
        "milter",
        "restrictions",
        "sasl",
        "table-files",
        "tables",
        "tls",
        "values",
    )
)
"""The areas whose errors are what the programs themselves refuse."""


def not_shown(finding: Finding) -> str:
    """Why Postfix cannot be made to show it here; empty: it can."""
    if any(service.startswith("postlog/") for service in finding.services):
        return "about postlogd, in whose place the lab itself takes the log"
    is_about_list = "DNS list" in finding.message and "given up" in finding.message
    is_about_relay = finding.rule in (
        "smtps-needs-wrappermode",
        "smart-host-needs-tls",
        "smart-host-needs-login",
    )
    if is_about_list or is_about_relay:
        return "about a server of the Internet, which the lab does not ask"
    if finding.rule == "chroot-not-supported":
        return "about a chroot, out of which the lab takes every service"
    return ""


TIME = 45.0
"""How long to go on, in seconds; what is left over then is counted as not tested."""


class Claim(NamedTuple):
    """An error that stands in a real configuration."""

    configuration: RealConfiguration
    rule: Rule
    finding: Finding

    def __str__(self) -> str:
        return f"{self.rule.id} in {self.configuration.name}: {self.finding.message}"


def claims() -> Iterator[Claim]:
    """Every error of these areas, once for the same words at fault."""
    rules = plan(str(installed_version()))
    seen = set()
    for configuration in configurations():
        for finding in findings(configuration, rules):
            rule = rules.registry.rules[finding.rule]
            key = finding.rule, finding.parameter, finding.location.text
            if finding.severity == ERROR and rule.area in AREAS and key not in seen:
                seen.add(key)
                yield Claim(configuration, rule, finding)


def test_the_real_postfix_agrees() -> None:
    deadline = time.monotonic() + TIME

    def judged(claim: Claim) -> tuple[str, Reenactment | None]:
        """What came of it, and what Postfix did if that was not what is claimed."""
        if reason := not_shown(claim.finding):
            return f"not shown: {reason}", None
        if time.monotonic() > deadline:
            return "not tested for want of time", None
        outcome = reenact(claim.configuration, claim.finding)
        return ("confirmed", None) if outcome.confirms(claim.finding) else (f"contradicted: {claim}", outcome)

    with ThreadPoolExecutor(4) as threads:
        outcomes = list(threads.map(judged, claims()))
    counts = Counter(what for what, _ in outcomes)
    print(f"{len(outcomes)} errors: {dict(counts)}")
    assert [(what, done) for what, done in outcomes if done is not None] == []
    assert counts["confirmed"] > 10


def test_a_false_claim_is_not_confirmed(tmp_path: Path) -> None:
    """The proof can fail: of a good setting, whatever is claimed does not show."""
    main = tmp_path / "main.cf"
    main.write_text("smtpd_banner = $myhostname ESMTP\nmessage_size_limit = 10240000\n")
    source = Source.from_bytes(str(main), main.read_bytes())
    configuration = RealConfiguration("made up", main, None)
    for parameter, message in (
        ("smtpd_banner", "`smtpd` stops with a fatal error"),
        ("message_size_limit", "`local` stops with a fatal error"),
        ("smtpd_banner", "smtpd answers `451 4.3.5 Server configuration error` to everybody"),
        ("message_size_limit", "mail for `virtual` stays in the queue"),
    ):
        setting = next(found for found in parse_main_cf(source).settings if found.name == parameter)
        finding = Finding(setting.value.location(), message, parameter=parameter)
        assert not reenact(configuration, finding).confirms(finding), message
