"""``maillint check --add-ignores REASON``: silence everything that is found, each finding where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from . import UsageError

if TYPE_CHECKING:
    from maillint.engine.finding import Finding

_NOT_A_REASON = re.compile(r"[^\S ]|[\x00-\x1f\x7f]")
_ABOUT_IGNORES = "ignores"
"""The area of the rules about these comments: to silence those helps nobody."""


def checked_reason(reason: str) -> str:
    """*reason* as it goes into a comment. Raises UsageError when it says nothing, or is no single line."""
    reason = reason.strip()
    if not reason or _NOT_A_REASON.search(reason):
        raise UsageError("--add-ignores: tell the reason, on one line")
    return reason


def add_ignores(findings: Iterable[Finding], areas: dict[str, str], reason: str) -> tuple[int, int]:
    """Write a comment with *reason* above what each of *findings* is about; *areas*: of each rule.

    Returns how many comments in how many files. Raises OSError for a file that cannot be replaced.
    """
    wanted: dict[str, dict[int, set[str]]] = {}
    for finding in findings:
        if areas.get(finding.rule) != _ABOUT_IGNORES:
            lines = wanted.setdefault(finding.location.source.path, {})
            lines.setdefault(finding.location.start.line, set()).add(finding.rule)
    return sum(_comment(path, lines, reason) for path, lines in wanted.items()), len(wanted)


def _comment(path: str, wanted: dict[int, set[str]], reason: str) -> int:
    """Put comments into the file at *path* above the logical lines that hold the lines *wanted*."""
    from maillint.engine.suppression import LINE, comment, head_line
    from maillint.files import replace_file

    with open(path, "rb") as file:
        lines = file.read().split(b"\n")
    rules: dict[int, set[str]] = {}
    for number, found in wanted.items():
        rules.setdefault(head_line(lines, number - 1), set()).update(found)
    for index in sorted(rules, reverse=True):
        line = comment(LINE, sorted(rules[index]), reason).encode()
        lines.insert(index, line + b"\r" * lines[index].endswith(b"\r"))
    replace_file(path, lambda stream: stream.write(b"\n".join(lines)))
    return len(rules)
