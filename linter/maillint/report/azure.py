"""Logging commands of Azure Pipelines: findings in the summary of a run.

Source: learn.microsoft.com, "Logging commands", ``task.logissue``; it knows errors and warnings only, so
advice is left as plain lines of the log.
"""

from typing import TextIO

from maillint.engine.finding import ERROR, INFO, WARNING, Finding
from maillint.engine.result import Result

from ._machine import relative
from .quote import printable

_TYPES = {ERROR: "error", WARNING: "warning"}
_VALUE = str.maketrans({"%": "%AZP25", ";": "%3B", "]": "%5D"})


def write(result: Result, stream: TextIO, *, color: bool) -> None:
    """Write *result* to *stream*, a line a finding."""
    for finding in result.findings:
        stream.write(_line(finding) + "\n")


def _line(finding: Finding) -> str:
    path = relative(finding.location.source.path)
    line, column = finding.location.start
    message = printable(finding.message)
    if finding.severity == INFO:
        # The severity first: no line may begin with what a file is called, which may be a command.
        return f"{INFO}: {path}:{line}:{column}: {message} [{finding.rule}]"
    values = {
        "type": _TYPES[finding.severity or WARNING],
        "sourcepath": path,
        "linenumber": line,
        "columnnumber": column,
        "code": finding.rule,
    }
    listed = ";".join(f"{name}={str(value).translate(_VALUE)}" for name, value in values.items())
    return f"##vso[task.logissue {listed}]{message.replace('%', '%AZP25')}"
