"""For people with many findings: by file, one line each."""

from itertools import groupby
from typing import TextIO

from maillint.engine.finding import ERROR, INFO, WARNING, Finding
from maillint.engine.result import Result

from .quote import printable

_COLORS = {ERROR: "1;31", WARNING: "1;33", INFO: "1;36"}


def write(result: Result, stream: TextIO, *, color: bool) -> None:
    """Write *result* to *stream*; *color* True uses ANSI colours."""
    for path, group in groupby(result.findings, key=lambda finding: finding.location.source.path):
        findings = list(group)
        stream.write(f"{_styled(printable(path), '1', color)}\n")
        places = [f"{line}:{column}" for line, column in (finding.location.start for finding in findings)]
        width = max(map(len, places))
        for place, finding in zip(places, findings, strict=True):
            stream.write(f"  {place:>{width}}  {_line(finding, color)}\n")
        stream.write("\n")
    for note in result.not_checked:
        stream.write(f"not checked: {printable(note.reason)} [{note.rule}]\n")


def _line(finding: Finding, color: bool) -> str:
    severity = finding.severity or WARNING
    padding = " " * (len(WARNING) - len(severity))
    shown = _styled(severity, _COLORS[severity], color)
    return f"{shown}{padding}  {printable(finding.message)} [{finding.rule}]"


def _styled(text: str, style: str, color: bool) -> str:
    return f"\033[{style}m{text}\033[0m" if color else text
