"""GitLab Code Quality: a JSON array of issues, which merge requests show as a widget and on the lines.

Source: docs.gitlab.com, "Code Quality", section "Code Quality report format". An issue is known again by its
fingerprint, which holds no line number, so that lines inserted above make no new issue.
"""

import json
from typing import Any, TextIO

from maillint.engine.finding import ERROR, INFO, WARNING, Finding
from maillint.engine.fingerprint import identities
from maillint.engine.result import Result

from ._machine import relative, sentence

_SEVERITIES = {ERROR: "major", WARNING: "minor", INFO: "info"}
_SECURITY = "critical"
"""An error about who may use the host or read the mail."""


def write(result: Result, stream: TextIO, *, color: bool) -> None:
    """Write *result* to *stream*; nothing found is an empty array, which closes old issues."""
    security = {rule.id for rule in result.rules if rule.security}
    issues = [
        _issue(finding, identity.fingerprint, security)
        for finding, identity in zip(result.findings, identities(result.findings), strict=True)
    ]
    json.dump(issues, stream, indent=2)
    stream.write("\n")


def _issue(finding: Finding, fingerprint: str, security: set[str]) -> dict[str, Any]:
    start, end = finding.location.start, finding.location.end
    severity = _SEVERITIES[finding.severity or WARNING]
    if finding.severity == ERROR and finding.rule in security:
        severity = _SECURITY
    return {
        "type": "issue",
        "check_name": finding.rule,
        "description": sentence(finding),
        "categories": ["Security" if finding.rule in security else "Bug Risk"],
        "severity": severity,
        "fingerprint": fingerprint,
        "location": {
            "path": relative(finding.location.source.path),
            "positions": {"begin": start._asdict(), "end": end._asdict()},
        },
    }
