"""Checkstyle XML, which Jenkins (warnings-ng), reviewdog, cs2pr and others read."""

from typing import TextIO

from maillint.engine.finding import WARNING, Finding
from maillint.engine.result import Result

from ._machine import relative, sentence
from ._xml import attributes


def write(result: Result, stream: TextIO, *, color: bool) -> None:
    """Write *result* to *stream*."""
    stream.write('<?xml version="1.0" encoding="UTF-8"?>\n<checkstyle version="4.3">\n')
    files: dict[str, list[Finding]] = {}
    for finding in result.findings:
        files.setdefault(relative(finding.location.source.path), []).append(finding)
    for path, findings in files.items():
        stream.write(f"  <file{attributes(name=path)}>\n")
        for finding in findings:
            stream.write(f"    <error{_error(finding)}/>\n")
        stream.write("  </file>\n")
    stream.write("</checkstyle>\n")


def _error(finding: Finding) -> str:
    line, column = finding.location.start
    return attributes(
        line=line,
        column=column,
        severity=finding.severity or WARNING,
        message=sentence(finding),
        source=f"maillint.{finding.rule}",
    )
