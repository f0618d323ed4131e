"""Applies the fixes of findings to the text of files."""

from __future__ import annotations

from collections.abc import Iterable

from maillint.syntax.source import Source

from .finding import Edit, Finding


def fixed(findings: Iterable[Finding]) -> dict[Source, str]:
    """The new text of each file that a fix of *findings* changes.

    A fix with an edit that overlaps one of an earlier fix is left out as a whole: it was made for a
    text that is no longer there, and comes again in the next run.
    """
    edits: dict[Source, list[Edit]] = {}
    for finding in findings:
        if finding.fix is None:
            continue
        wanted = finding.fix.edits
        if any(_overlap(edit, other) for edit in wanted for other in edits.get(edit.location.source, ())):
            continue
        for edit in wanted:
            edits.setdefault(edit.location.source, []).append(edit)
    return {source: _edited(source.text, made) for source, made in edits.items()}


def _overlap(edit: Edit, other: Edit) -> bool:
    """Whether both change the same text, or insert at the same place, where their order would matter."""
    span, taken = edit.location.span, other.location.span
    return (span.start < taken.end and taken.start < span.end) or span == taken


def _edited(text: str, edits: Iterable[Edit]) -> str:
    for edit in sorted(edits, key=lambda edit: edit.location.span, reverse=True):
        start, end = edit.location.span
        text = text[:start] + edit.text + text[end:]
    return text
