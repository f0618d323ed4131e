"""SonarQube's generic format for findings of other tools, with the rules (SonarQube 10.3 and later).

Source: docs.sonarsource.com, "Generic issue data". Lines count from 1, columns from 0 in units of UTF-16;
a range must not be empty.
"""

import json
from typing import Any, TextIO

from maillint.engine.finding import ERROR, INFO, WARNING, Finding
from maillint.engine.result import Result
from maillint.engine.rule import Rule
from maillint.syntax.source import Location

from ._machine import clean, relative, sentence, utf16_column

_IMPACTS = {ERROR: "HIGH", WARNING: "MEDIUM", INFO: "LOW"}


def write(result: Result, stream: TextIO, *, color: bool) -> None:
    """Write *result* to *stream*."""
    found = {finding.rule for finding in result.findings}
    document = {
        "rules": [_rule(rule) for rule in result.rules if rule.id in found],
        "issues": [_issue(finding) for finding in result.findings],
    }
    json.dump(document, stream, indent=2)
    stream.write("\n")


def _rule(rule: Rule) -> dict[str, Any]:
    quality = "SECURITY" if rule.security else "RELIABILITY"
    return {
        "id": rule.id,
        "name": rule.id,
        "description": rule.summary,
        "engineId": "maillint",
        "cleanCodeAttribute": "TRUSTWORTHY" if rule.security else "LOGICAL",
        "impacts": [{"softwareQuality": quality, "severity": _IMPACTS[rule.severity]}],
    }


def _issue(finding: Finding) -> dict[str, Any]:
    return {
        "ruleId": finding.rule,
        "primaryLocation": _location(finding.location, sentence(finding)),
        "secondaryLocations": [_location(place.location, clean(place.message)) for place in finding.related],
    }


def _location(location: Location, message: str) -> dict[str, Any]:
    start, end = utf16_column(location) - 1, utf16_column(location, end=True) - 1
    lines = {"startLine": location.start.line, "endLine": location.end.line}
    if (location.start.line, start) == (location.end.line, end):
        del lines["endLine"]
    else:
        lines |= {"startColumn": start, "endColumn": end}
    return {"message": message, "filePath": relative(location.source.path), "textRange": lines}
