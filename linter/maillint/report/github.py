"""GitHub workflow commands: annotations on the lines of a pull request.

GitHub shows at most ten annotations of a kind per step, so the gravest come first.
Source: docs.github.com, "Workflow commands for GitHub Actions"; actions/toolkit command.ts.
"""

from typing import TextIO

from maillint.engine.finding import ERROR, INFO, SEVERITIES, WARNING, Finding
from maillint.engine.result import Result

from .quote import printable

_COMMANDS = {ERROR: "error", WARNING: "warning", INFO: "notice"}


def write(result: Result, stream: TextIO, *, color: bool) -> None:
    """Write *result* to *stream*, one workflow command a finding."""
    for severity in reversed(SEVERITIES):
        for finding in result.findings:
            if finding.severity == severity:
                stream.write(_command(finding) + "\n")


def _command(finding: Finding) -> str:
    path = finding.location.source.path
    start, end = finding.location.start, finding.location.end
    properties = {"file": path, "line": start.line, "endLine": end.line, "title": f"maillint {finding.rule}"}
    # Columns are only legal when start and end are on one line.
    if start.line == end.line:
        properties |= {"col": start.column, "endColumn": end.column}
    listed = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    # The place is said again in the message: the annotation hides it in the step's log.
    text = f"{path}:{start.line}:{start.column}: {finding.message} [{finding.rule}]"
    if finding.mend:
        text += f"\nMend: {finding.mend}"
    return f"::{_COMMANDS[finding.severity or WARNING]} {listed}::{_data(text)}"


def _data(text: str) -> str:
    lines = (printable(line) for line in text.split("\n"))
    return "%0A".join(line.replace("%", "%25") for line in lines)


def _property(text: str) -> str:
    return printable(text).replace("%", "%25").replace(":", "%3A").replace(",", "%2C")
