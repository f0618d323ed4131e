"""Reviewdog Diagnostic Format (rdjson): comments of a review, with the fixes as suggested changes.

Source: reviewdog's proto/rdf/README.md and reviewdog.proto. Columns count octets of UTF-8, from 1; ends are
exclusive.
"""

import json
from typing import Any, TextIO

from maillint.engine.finding import ERROR, INFO, WARNING, Finding, Fix
from maillint.engine.result import Result
from maillint.syntax.source import Location

from ._machine import clean, is_text, relative, sentence, utf8_column

_SEVERITIES = {ERROR: "ERROR", WARNING: "WARNING", INFO: "INFO"}
SOURCE = {"name": "maillint"}


def write(result: Result, stream: TextIO, *, color: bool) -> None:
    """Write *result* to *stream* as one object."""
    json.dump(
        {"source": SOURCE, "diagnostics": [diagnostic(finding) for finding in result.findings]},
        stream,
        indent=2,
    )
    stream.write("\n")


def diagnostic(finding: Finding) -> dict[str, Any]:
    """*finding* as a Diagnostic."""
    document: dict[str, Any] = {
        "message": sentence(finding),
        "location": _location(finding.location),
        "severity": _SEVERITIES[finding.severity or WARNING],
        "source": SOURCE,
        "code": {"value": finding.rule},
    }
    if finding.related:
        document["related_locations"] = [
            {"message": clean(place.message), "location": _location(place.location)}
            for place in finding.related
        ]
    if finding.fix is not None and _is_suggestion(finding.fix, finding):
        document["suggestions"] = [
            {"range": _range(edit.location), "text": edit.text} for edit in finding.fix.edits
        ]
    return document


def _is_suggestion(fix: Fix, finding: Finding) -> bool:
    """Whether a review can suggest *fix*: it stays in the file of the finding, and is text."""
    return all(
        edit.location.source.path == finding.location.source.path and is_text(edit.text) for edit in fix.edits
    )


def _location(location: Location) -> dict[str, Any]:
    return {"path": relative(location.source.path), "range": _range(location)}


def _range(location: Location) -> dict[str, Any]:
    return {
        "start": {"line": location.start.line, "column": utf8_column(location)},
        "end": {"line": location.end.line, "column": utf8_column(location, end=True)},
    }
