"""``maillint check --add-ignores REASON``: silence everything that is found, each finding where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from maillint.engine.result import Problem

from . import UsageError

if TYPE_CHECKING:
    from maillint.engine.finding import Finding

_NOT_A_REASON = re.compile(r"[^\S ]|[\x00-\x1f\x7f]")
_OF_PHP = re.compile(r"(?:^|/)php[^/]*/")
_ELSEWHERE = (
    "takes no comments for maillint: use --ignore, a table [[overrides]] in the settings, or a baseline"
)
_ABOUT_IGNORES = "ignores"
"""The area of the rules about these comments: to silence those helps nobody."""


def checked_reason(reason: str) -> str:
    """*reason* as it goes into a comment. Raises UsageError when it says nothing, or is no single line."""
    reason = reason.strip()
    if not reason or _NOT_A_REASON.search(reason):
        raise UsageError("--add-ignores: tell the reason, on one line")
    return reason


def add_ignores(
    findings: Iterable[Finding], areas: dict[str, str], reason: str
) -> tuple[int, int, list[Problem]]:
    """Write a comment with *reason* above what each of *findings* is about; *areas*: of each rule.

    Returns how many comments in how many files, and which files cannot be changed.
    """
    wanted: dict[str, dict[int, set[str]]] = {}
    for finding in findings:
        if areas.get(finding.rule) != _ABOUT_IGNORES:
            lines = wanted.setdefault(finding.location.source.path, {})
            lines.setdefault(finding.location.start.line, set()).add(finding.rule)
    counts: list[int] = []
    problems: list[Problem] = []
    for path, lines in wanted.items():
        try:
            counts.append(_comment(path, lines, reason))
        except _NoCommentsError:
            problems.append(Problem(path, _ELSEWHERE))
        except OSError as error:
            problems.append(Problem(path, f"cannot be changed: {error.strerror or error}"))
    return sum(counts), len(counts), problems


class _NoCommentsError(Exception):
    """A file in which ignore comments are not heeded, and may break it."""


def _comment(path: str, wanted: dict[int, set[str]], reason: str) -> int:
    """Put comments into the file at *path* above the logical lines that hold the lines *wanted*.

    Returns how many. Raises _NoCommentsError, and OSError for a file that cannot be replaced.
    """
    from maillint.engine.embedded import is_embedded
    from maillint.engine.suppression import LINE, comment, head_line
    from maillint.files import replace_file

    with open(path, "rb") as file:
        content = file.read()
    if is_embedded(path, content.decode("utf-8", "surrogateescape")):
        raise _NoCommentsError
    lines = content.split(b"\n")
    rules: dict[int, set[str]] = {}
    for number, found in wanted.items():
        rules.setdefault(head_line(lines, number - 1), set()).update(found)
    mark = ";" if _OF_PHP.search(path) else "#"
    for index in sorted(rules, reverse=True):
        line = comment(LINE, sorted(rules[index]), reason, mark).encode()
        lines.insert(index, line + b"\r" * lines[index].endswith(b"\r"))
    replace_file(path, lambda stream: stream.write(b"\n".join(lines)))
    return len(rules)
