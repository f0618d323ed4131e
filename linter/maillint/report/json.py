"""The machine-readable report, version 1; its form is part of the command's contract.

Lines and columns count from 1, columns in characters, ends are exclusive. Bytes of a
configuration that are not UTF-8 appear as lone surrogates (``\\udcNN``), escaped.
"""

import json
from typing import Any, TextIO

from maillint.engine.finding import Finding, Fix, NotChecked
from maillint.engine.result import Result
from maillint.syntax.source import Location

from .links import finding_url

VERSION = 1


def write(result: Result, stream: TextIO, *, color: bool) -> None:
    """Write *result* to *stream* as one JSON object."""
    document = {
        "version": VERSION,
        "findings": [finding_object(finding) for finding in result.findings],
        "not_checked": [_not_checked(note) for note in result.not_checked],
        "errors": [{"path": problem.path, "message": problem.message} for problem in result.errors],
    }
    json.dump(document, stream, indent=2)
    stream.write("\n")


def finding_object(finding: Finding) -> dict[str, Any]:
    """*finding* as an object of the report."""
    return {
        "path": finding.location.source.path,
        "rule": finding.rule,
        "severity": finding.severity,
        "confidence": finding.confidence,
        "message": finding.message,
        "mend": finding.mend,
        "parameter": finding.parameter,
        **_range(finding.location),
        "services": list(finding.services),
        "related": [_place(place.location) | {"message": place.message} for place in finding.related],
        "fix": None if finding.fix is None else _fix(finding.fix),
        "url": finding_url(finding),
    }


def _fix(fix: Fix) -> dict[str, Any]:
    return {
        "title": fix.title,
        "safe": fix.safe,
        "edits": [_place(edit.location) | {"text": edit.text} for edit in fix.edits],
    }


def _not_checked(note: NotChecked) -> dict[str, Any]:
    place = {} if note.location is None else _place(note.location)
    return place | {"rule": note.rule, "reason": note.reason, "question": note.question}


def _place(location: Location) -> dict[str, Any]:
    return {"path": location.source.path, **_range(location)}


def _range(location: Location) -> dict[str, Any]:
    return {"start": location.start._asdict(), "end": location.end._asdict()}
