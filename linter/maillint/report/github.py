"""GitHub workflow commands: annotations on the lines of a pull request.

GitHub shows at most ten annotations of a kind per step, so the gravest come first. All of them stand in a
table on the page of the run, where the runner offers a place for one (``GITHUB_STEP_SUMMARY``).
Source: docs.github.com, "Workflow commands for GitHub Actions"; actions/toolkit command.ts.
"""

import os
import re
from typing import TextIO

from maillint.engine.finding import ERROR, INFO, SEVERITIES, WARNING, Finding
from maillint.engine.result import Result

from ._machine import relative
from .quote import printable

_MOST_ROWS = 500
"""The page takes one megabyte."""
_SPECIAL = re.compile(r"[\\`*_{}\[\]<>()#+!|~@&]")

_COMMANDS = {ERROR: "error", WARNING: "warning", INFO: "notice"}


def write(result: Result, stream: TextIO, *, color: bool) -> None:
    """Write *result* to *stream*, one workflow command a finding."""
    for severity in reversed(SEVERITIES):
        for finding in result.findings:
            if finding.severity == severity:
                stream.write(_command(finding) + "\n")
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary:
        with open(summary, "a", encoding="utf-8") as file:
            file.write(_table(result))


def _table(result: Result) -> str:
    """*result* in Markdown, the gravest first."""
    counts = ", ".join(f"{number} {severity}" for severity, number in result.counts.items() if number)
    lines = [f"### maillint: {counts or 'nothing found'}", ""]
    if result.findings:
        lines += ["| severity | place | finding | rule |", "|---|---|---|---|"]
    for severity in reversed(SEVERITIES):
        lines += [_row(finding) for finding in result.findings if finding.severity == severity][:_MOST_ROWS]
    return "\n".join(lines) + "\n\n"


def _row(finding: Finding) -> str:
    place = f"{relative(finding.location.source.path)}:{finding.location.start.line}"
    message = printable(finding.message)
    cells = (_markdown(cell) for cell in (finding.severity or WARNING, place, message, finding.rule))
    return f"| {' | '.join(cells)} |"


def _markdown(text: str) -> str:
    """*text* as text in a table; what stands in backticks stays code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return _SPECIAL.sub(r"\\\g<0>", text)
    plain = [
        part.replace("|", "\\|") if n % 2 else _SPECIAL.sub(r"\\\g<0>", part) for n, part in enumerate(parts)
    ]
    return "`".join(plain)


def _command(finding: Finding) -> str:
    path = relative(finding.location.source.path)
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
