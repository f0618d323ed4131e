"""Applies the fixes of findings to the text of files."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence

from maillint.syntax.source import Source, Span

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
        if any(_overlaps(edit, edits.get(edit.location.source, ())) for edit in wanted):
            continue
        for edit in wanted:
            insort(edits.setdefault(edit.location.source, []), edit, key=_span)
    return {source: _edited(source.text, made) for source, made in edits.items()}


def _span(edit: Edit) -> Span:
    return edit.location.span


def _overlaps(edit: Edit, others: Sequence[Edit]) -> bool:
    """Whether *edit* changes the same text as one of *others*, which are in order and do not overlap."""
    index = bisect_left(others, _span(edit), key=_span)
    return any(_overlap(edit, other) for other in others[max(0, index - 1) : index + 1])


def _overlap(edit: Edit, other: Edit) -> bool:
    """Whether both change the same text, or insert at the same place, where their order would matter."""
    span, taken = _span(edit), _span(other)
    return (span.start < taken.end and taken.start < span.end) or span == taken


def _edited(text: str, edits: Iterable[Edit]) -> str:
    """*text* with *edits*, which are in order."""
    parts: list[str] = []
    done = 0
    for edit in edits:
        start, end = _span(edit)
        parts += (text[done:start], edit.text)
        done = end
    return "".join((*parts, text[done:]))
