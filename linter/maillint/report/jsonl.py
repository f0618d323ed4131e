"""JSON lines: one object a finding, as in the format ``json``, for programs that read a stream."""

import json
from typing import TextIO

from maillint.engine.result import Result

from .json import finding_object


def write(result: Result, stream: TextIO, *, color: bool) -> None:
    """Write *result* to *stream*."""
    for finding in result.findings:
        stream.write(json.dumps(finding_object(finding)) + "\n")
