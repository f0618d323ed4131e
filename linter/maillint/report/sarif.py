"""SARIF 2.1.0, complete for code scanning: rules with their pages, fingerprints, fixes, suppressions.

Sources: the OASIS standard "Static Analysis Results Interchange Format 2.1.0" (sections by number below), and
docs.github.com, "SARIF support for code scanning", for what GitHub asks beyond it.
"""

import json
import os
import re
from typing import Any, TextIO
from urllib.parse import quote

from maillint import __version__
from maillint.engine.docs import Documentation, parse
from maillint.engine.finding import ERROR, HIGH, INFO, LOW, MEDIUM, WARNING, Edit, Finding, NotChecked
from maillint.engine.fingerprint import Identity, identities
from maillint.engine.registry import Registry
from maillint.engine.result import Problem, Result
from maillint.syntax.source import Location

from ._machine import clean, is_text, relative_path
from .links import finding_url, rule_url
from .quote import without_passwords

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_ROOT = "ROOT"
"""The name of the directory that paths are relative to (3.14.14)."""

_LEVELS = {ERROR: "error", WARNING: "warning", INFO: "note"}
_PROBLEMS = {ERROR: "error", WARNING: "warning", INFO: "recommendation"}
_SECURITY = {ERROR: "8.0", WARNING: "5.5", INFO: "2.0"}
"""GitHub's security-severity: high, medium, low."""
_RANKS = {HIGH: 90.0, MEDIUM: 60.0, LOW: 30.0}
_MOST_RESULTS = 25_000
_MOST_TEXT = 1024
"""GitHub refuses a file that goes beyond one of these."""
_FENCED = re.compile(r"^```(.*)$", re.MULTILINE)
_LIKE_A_LINK = re.compile(r"[\\\[\]](?=.*\]\()")
"""What a viewer could take for an embedded link (3.11.6)."""


def write(result: Result, stream: TextIO, *, color: bool) -> None:
    """Write *result* to *stream*. A log without results is written, too: it is what closes old alerts."""
    json.dump({"$schema": _SCHEMA, "version": "2.1.0", "runs": [_run(result)]}, stream, indent=2)
    stream.write("\n")


def _run(result: Result) -> dict[str, Any]:
    findings = [*result.findings, *result.suppressed][:_MOST_RESULTS]
    plans = dict.fromkeys(judged.plan for judged in result.judged)
    registries = {rule.id: plan.registry for plan in plans for rule in plan.rules}
    named = sorted({finding.rule for finding in findings})
    rules = [_rule(registries.get(name), name, findings) for name in named]
    index = {name: number for number, name in enumerate(named)}
    results = [
        _result(finding, identity, index[finding.rule])
        for finding, identity in zip(findings, identities(findings), strict=True)
    ]
    here = _uri(os.path.realpath(os.curdir).rstrip(os.sep) + os.sep)
    return {
        "tool": {"driver": {"name": "maillint", "semanticVersion": __version__, "rules": rules}},
        "automationDetails": {"id": "maillint/"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"uri": here}},
        "invocations": [_invocation(result, here)],
        "results": results,
    }


def _invocation(result: Result, here: str) -> dict[str, Any]:
    """What maillint could not do (3.20)."""
    notifications = [_failure(problem) for problem in result.errors]
    notifications += [_not_checked(note) for note in result.not_checked]
    return {
        "executionSuccessful": not result.errors,
        "workingDirectory": {"uri": here},
        "toolExecutionNotifications": notifications,
    }


def _failure(problem: Problem) -> dict[str, Any]:
    place = {"locations": [{"physicalLocation": {"artifactLocation": _artifact(problem.path)}}]}
    return {"level": "error", "message": {"text": clean(problem.message)}, **(place if problem.path else {})}


def _not_checked(note: NotChecked) -> dict[str, Any]:
    text = clean(f"not checked: {note.reason}" + (f" ({note.question})" if note.question else ""))
    return {
        "level": "note",
        "message": {"text": text},
        "associatedRule": {"id": note.rule},
        **({} if note.location is None else {"locations": [_location(note.location)]}),
    }


def _rule(registry: Registry | None, name: str, findings: list[Finding]) -> dict[str, Any]:
    """A reportingDescriptor (3.49)."""
    if registry is None:  # of a plug-in that gave a finding another name
        return {"id": name}
    rule = registry.rules[name]
    page = parse(registry.page(rule))
    happens = page.section("What happens")
    long = happens.text.partition("\n\n")[0].replace("\n", " ") if happens else rule.summary
    found = [finding for finding in findings if finding.rule == name]
    url = next(map(finding_url, found), None) or rule_url(rule.id)
    confidences = {finding.confidence for finding in found}
    properties: dict[str, Any] = {
        "tags": [rule.area, *(["security"] if rule.security else [])],
        "precision": next((word for word in (HIGH, MEDIUM, LOW) if word in confidences), HIGH),
        "problem.severity": _PROBLEMS[rule.severity],
    }
    if rule.security:
        properties["security-severity"] = _SECURITY[rule.severity]
    return {
        "id": rule.id,
        "name": rule.id.title().replace("-", ""),
        "shortDescription": {"text": rule.summary[:_MOST_TEXT]},
        "fullDescription": {"text": long[:_MOST_TEXT]},
        "help": {"text": _text(page), "markdown": _markdown(page)},
        **({"helpUri": url} if url else {}),
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": properties,
    }


def _markdown(page: Documentation) -> str:
    """The page of a rule; of a fence, only the name of the file is for people."""

    def named(found: re.Match[str]) -> str:
        return "```" + found[1].partition(" ")[0]

    sections = (f"## {section.title}\n{_FENCED.sub(named, section.text)}" for section in page.sections)
    return "\n\n".join((page.summary, *sections))


def _text(page: Documentation) -> str:
    sections = (f"{section.title}\n\n{_FENCED.sub('', section.text)}" for section in page.sections)
    return "\n\n".join((page.summary, *sections))


def _result(finding: Finding, identity: Identity, index: int) -> dict[str, Any]:
    severity = finding.severity or WARNING
    message = _plain(finding.message)
    if finding.related:
        links = (f"[{_plain(place.message)}]({number})" for number, place in enumerate(finding.related, 1))
        message += f"\n{'; '.join(links)}"
    if finding.mend:
        message += f"\nMend: {_plain(finding.mend)}"
    document: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": _LEVELS[severity],
        "rank": _RANKS[finding.confidence],
        "message": {"text": message},
        "locations": [_location(finding.location)],
        "partialFingerprints": {
            "primaryLocationLineHash": f"{identity.fingerprint[:16]}:1",
            "maillint/v1": identity.fingerprint,
        },
        "suppressions": [] if finding.suppression is None else [_suppression(finding)],
        "properties": {
            "confidence": finding.confidence,
            **({"parameter": finding.parameter} if finding.parameter else {}),
            **({"services": list(finding.services)} if finding.services else {}),
        },
    }
    if finding.related:
        document["relatedLocations"] = [
            {"id": number, **_location(place.location), "message": {"text": _plain(place.message)}}
            for number, place in enumerate(finding.related, 1)
        ]
    if finding.fix is not None and all(is_text(edit.text) for edit in finding.fix.edits):
        document["fixes"] = [
            {
                "description": {"text": clean(finding.fix.title)},
                "artifactChanges": _changes(finding.fix.edits),
            }
        ]
    return document


def _plain(text: str) -> str:
    return _LIKE_A_LINK.sub(r"\\\g<0>", clean(text))


def _suppression(finding: Finding) -> dict[str, Any]:
    """3.35."""
    assert finding.suppression is not None
    kind, reason, location = finding.suppression
    return {
        "kind": kind,
        "status": "accepted",
        **({"justification": clean(reason)} if reason else {}),
        **({} if location is None else {"location": _location(location)}),
    }


def _changes(edits: tuple[Edit, ...]) -> list[dict[str, Any]]:
    """The artifactChanges of a fix (3.56), one for each file."""
    by_path: dict[str, list[Edit]] = {}
    for edit in edits:
        by_path.setdefault(edit.location.source.path, []).append(edit)
    return [
        {
            "artifactLocation": _artifact(path),
            "replacements": [
                {"deletedRegion": _region(edit.location), "insertedContent": {"text": edit.text}}
                for edit in made
            ],
        }
        for path, made in by_path.items()
    ]


def _location(location: Location) -> dict[str, Any]:
    region = _region(location)
    start, end = location.start, location.end
    text = without_passwords(location.source.line(start.line))[start.column - 1 : end.column - 1]
    if start.line == end.line and text and is_text(text):
        region["snippet"] = {"text": text}
    return {"physicalLocation": {"artifactLocation": _artifact(location.source.path), "region": region}}


def _region(location: Location) -> dict[str, Any]:
    """Lines and columns from 1, ends exclusive (3.30)."""
    start, end = location.start, location.end
    return {
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    }


def _artifact(path: str) -> dict[str, str]:
    relative = relative_path(path)
    if relative.startswith("/"):
        return {"uri": _uri(relative)}
    return {"uri": quote(relative.encode("utf-8", "surrogateescape")), "uriBaseId": _ROOT}


def _uri(path: str) -> str:
    return "file://" + quote(path.replace(os.sep, "/").encode("utf-8", "surrogateescape"))
