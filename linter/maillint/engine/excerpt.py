"""Findings that no longer hold the files they are about, so that thousands of files fit in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from maillint.syntax.source import Excerpt, Location, Source, Span

from .finding import Finding, NotChecked


def compact(
    findings: Iterable[Finding], notes: Iterable[NotChecked]
) -> tuple[list[Finding], list[NotChecked]]:
    """The same findings and notes on excerpts of their sources: the lines that their locations touch.

    The findings are changed, and stay the objects that they are.
    """
    findings, notes = list(findings), list(notes)
    lines: dict[int, set[int]] = {}
    sources: dict[int, Source] = {}
    for location in _locations(findings, notes):
        source = location.source
        sources[id(source)] = source
        lines.setdefault(id(source), set()).update(range(location.start.line, location.end.line + 1))
    excerpts = {
        key: Excerpt(source.path, {number: source.line(number) for number in lines[key]})
        for key, source in sources.items()
    }

    def moved(location: Location) -> Location:
        source, excerpt = location.source, excerpts[id(location.source)]
        start, end = (
            excerpt.line_start(position.line) + position.column - 1
            for position in (location.start, location.end)
        )
        return Location(excerpt, Span(start, end)) if source is not excerpt else location

    for finding in findings:
        finding.move(moved)
    return findings, [
        note._replace(location=moved(note.location)) if note.location else note for note in notes
    ]


def _locations(findings: list[Finding], notes: list[NotChecked]) -> Iterator[Location]:
    for finding in findings:
        yield finding.location
        for place in finding.related:
            yield place.location
        if finding.fix is not None:
            for edit in finding.fix.edits:
                yield edit.location
        if finding.suppression is not None and finding.suppression.location is not None:
            yield finding.suppression.location
    for note in notes:
        if note.location is not None:
            yield note.location
