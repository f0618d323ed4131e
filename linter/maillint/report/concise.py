"""One line a finding in the GNU form, which editors and CI systems read without being told.

``path:line:column: severity: message [rule]``
"""

from typing import TextIO

from maillint.engine.result import Result

from .quote import printable


def write(result: Result, stream: TextIO, *, color: bool) -> None:
    """Write *result* to *stream*; never coloured, since programs read it."""
    for finding in result.findings:
        line, column = finding.location.start
        path = printable(finding.location.source.path)
        message = printable(finding.message)
        stream.write(f"{path}:{line}:{column}: {finding.severity}: {message} [{finding.rule}]\n")
