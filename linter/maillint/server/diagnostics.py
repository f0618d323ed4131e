"""What is found in a file, as an editor shows it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import ERROR, Finding, Related
from maillint.record import NamedTuple
from maillint.report.links import finding_url
from maillint.syntax.source import Location, Source, Span

if TYPE_CHECKING:
    from .analysis import Analysis

DEPRECATED = "deprecated"
UNNECESSARY = "unnecessary"

TAGGED = {
    DEPRECATED: (
        "deprecated-parameter", "old-name-loses-value", "old-restriction-name", "removed-restriction",
    ),
    UNNECESSARY: (
        "default-restated", "duplicate-restriction", "unreachable-restriction", "unused-client-parameter",
        "unused-ignore", "unused-restriction-class",
    ),
}  # fmt: skip
"""The rules that find what an editor strikes through, or fades."""


class Diagnostic(NamedTuple):
    """One message at one place."""

    location: Location
    message: str
    severity: str
    rule: str = ""
    """Empty: it is not from a rule."""
    url: str | None = None
    tags: tuple[str, ...] = ()
    related: tuple[Related, ...] = ()


def diagnostics(analysis: Analysis, path: str) -> list[Diagnostic]:
    """What there is to say about the file at *path*."""
    found = list(map(of_finding, analysis.findings(path)))
    return [*_problems(analysis, path), *found]


def of_finding(finding: Finding) -> Diagnostic:
    return Diagnostic(
        finding.location,
        message(finding),
        finding.severity or ERROR,
        finding.rule,
        finding_url(finding),
        tuple(tag for tag, rules in TAGGED.items() if finding.rule in rules),
        finding.related,
    )


def message(finding: Finding) -> str:
    """All that the finding says."""
    services = f" ({', '.join(finding.services)})" if finding.services else ""
    mend = f"\n{finding.mend[:1].upper()}{finding.mend[1:]}" if finding.mend else ""
    return f"{finding.message}{services}{mend}"


def _problems(analysis: Analysis, path: str) -> Iterator[Diagnostic]:
    """Why the file could not be judged, or not by all rules."""
    for problem in analysis.outcome.problems:
        if problem.path == path:
            place = Location(Source(path, ""), Span(0, 0))
            yield Diagnostic(place, problem.message, ERROR)
