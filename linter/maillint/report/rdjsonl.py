"""Reviewdog Diagnostic Format, one Diagnostic a line (rdjsonl); see :mod:`maillint.report.rdjson`."""

import json
from typing import TextIO

from maillint.engine.result import Result

from .rdjson import diagnostic


def write(result: Result, stream: TextIO, *, color: bool) -> None:
    """Write *result* to *stream*."""
    for finding in result.findings:
        stream.write(json.dumps(diagnostic(finding)) + "\n")
