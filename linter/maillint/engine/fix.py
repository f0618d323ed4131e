"""Applies the fixes of findings to the text of files."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from maillint.record import NamedTuple
from maillint.syntax.source import Excerpt, Location, Source, Span

from .finding import Edit, Finding, Fix
from .rule import IGNORES

if TYPE_CHECKING:
    from .discovery import Target
    from .plan import Plan
    from .result import Problem
    from .run import Outcome

SAFE = "safe"
UNSAFE = "unsafe"
"""Which fixes to make: only those that keep what Postfix does, or all."""

_ROUNDS = 20
"""One fix may make room for the next; no chain is known to be longer than three."""


class Change(NamedTuple):
    """What fixes make of one file."""

    path: str
    before: str
    after: str


class Hunk(NamedTuple):
    """Lines of a file, and what an edit makes of them."""

    path: str
    line: int
    """The number of the first."""
    before: list[str]
    after: list[str]


def fixed(findings: Iterable[Finding], whole: Callable[[str], Source] | None = None) -> dict[Source, str]:
    """The new text of each file that a fix of *findings* changes.

    *whole*: gives the file at a path of which the findings know an excerpt; None: it is read.

    A fix with an edit that overlaps one of an earlier fix is left out as a whole: it was made for a
    text that is no longer there, and comes again in the next run.
    """
    return {
        source: _table(source, made, whole)[1] if isinstance(source, Excerpt) else _edited(source.text, made)
        for source, made in _edits(findings)[0].items()
    }


def hunks(fix: Fix) -> list[Hunk]:
    """What *fix* makes of the lines that it touches, in their order; lines that stay as they are left out."""
    by_source: dict[Source, list[Edit]] = {}
    for edit in sorted(fix.edits, key=_span):
        by_source.setdefault(edit.location.source, []).append(edit)
    return [hunk for source, edits in by_source.items() for hunk in _hunks(source, edits)]


def _hunks(source: Source, edits: list[Edit]) -> Iterator[Hunk]:
    groups: list[list[Edit]] = []
    for edit in edits:
        if groups and edit.location.start.line <= groups[-1][-1].location.end.line:
            groups[-1].append(edit)
        else:
            groups.append([edit])
    for group in groups:
        first, last = group[0].location.start.line, group[-1].location.end.line
        lines = [source.line(number) for number in range(first, last + 1)]
        text, start = "\n".join(lines), source.line_start(first)
        moved = [
            edit._replace(location=Location(source, Span(*(offset - start for offset in _span(edit)))))
            for edit in group
        ]
        after = _edited(text, moved).split("\n")
        same = next((n for n, pair in enumerate(zip(lines, after, strict=False)) if len(set(pair)) > 1), 0)
        while len(lines) > same and len(after) > same and lines[-1] == after[-1]:
            del lines[-1], after[-1]
        yield Hunk(source.path, first + same, lines[same:], after[same:])


def fix(target: Target, plan: Plan) -> Outcome:
    """Make the fixes that *plan* asks for in the files of *target* until nothing changes; judge what is left.

    With ``plan.writes_fixes`` the files are replaced; one that cannot be, or that has changed meanwhile, is
    left as it is, and a problem in the outcome. Without, and for standard input, the outcome tells the
    changes, and is that of the files as they would be.
    """
    from .run import check

    writes = plan.writes_fixes and not target.is_standard_input
    total = 0
    changes: list[Change] = []
    problems: list[Problem] = []
    for _ in range(_ROUNDS if writes else 1):
        more, made = _in_memory(target, plan)
        if not more:
            break
        changes += more
        total += made
        if writes:
            problems = [problem for change in more if (problem := _written(change)) is not None]
            target.contents.clear()
            if problems:
                break
    outcome = check(target, plan)
    outcome.changes = changes
    outcome.fixed = total
    outcome.problems += problems
    return outcome


def _in_memory(target: Target, plan: Plan) -> tuple[list[Change], int]:
    """Make fixes in ``target.contents``; the changes, and how many findings they mend.

    A table is read from the disk at each check, so it changes only once.
    """
    from .run import check

    changes: dict[str, Change] = {}
    total = 0
    for _ in range(_ROUNDS):
        fixable = list(_wanted(check(target, plan).findings, target, plan, changes))
        # First the comments that silence findings: what they are meant to silence is not to be mended.
        about_comments = [finding for finding in fixable if plan.registry.rules[finding.rule].each == IGNORES]
        edits, mended = _edits(about_comments or fixable)
        if not mended:
            break
        total += len(mended)
        for source, wanted in edits.items():
            path = source.path
            before, text = (
                _table(source, wanted)
                if isinstance(source, Excerpt)
                else (source.text, _edited(source.text, wanted))
            )
            changes[path] = Change(path, changes[path].before if path in changes else before, text)
            if path in (target.main, target.master):
                target.contents[path] = Source(path, text).to_bytes()
    return list(changes.values()), total


def _wanted(
    findings: Iterable[Finding], target: Target, plan: Plan, changes: dict[str, Change]
) -> Iterator[Finding]:
    """The *findings* whose fix is to be made now."""
    for finding in findings:
        if finding.fix is None or not (finding.fix.safe or plan.fixes == UNSAFE):
            continue
        paths = {edit.location.source.path for edit in finding.fix.edits}
        if all(target.is_named(path) and (path not in changes or path in target.contents) for path in paths):
            yield finding


def _table(
    excerpt: Excerpt, edits: Iterable[Edit], whole: Callable[[str], Source] | None = None
) -> tuple[str, str]:
    """The text of the table that *excerpt* is of, before and after *edits*."""
    table = (whole or _read)(excerpt.path)

    def moved(location: Location) -> Location:
        start, end = (
            table.line_start(position.line) + position.column - 1
            for position in (location.start, location.end)
        )
        return Location(table, Span(start, end))

    return table.text, _edited(table.text, [edit._replace(location=moved(edit.location)) for edit in edits])


def _read(path: str) -> Source:
    with open(path, "rb") as file:
        return Source.from_bytes(path, file.read())


def _written(change: Change) -> Problem | None:
    """Replace the file of *change*; what hinders it."""
    from maillint.files import replace_file

    from .result import Problem

    path, before, after = change.path, *(Source(change.path, text).to_bytes() for text in change[1:])
    try:
        with open(path, "rb") as file:
            if file.read() != before:
                return Problem(path, "is left as it is: it changed while it was being judged")
        replace_file(path, lambda stream: stream.write(after))
    except OSError as error:
        return Problem(path, f"is left as it is: {error.strerror or error}")
    return None


def _edits(findings: Iterable[Finding]) -> tuple[dict[Source, list[Edit]], list[Finding]]:
    """The edits that go together, by source and in order, and the findings that they mend."""
    edits: dict[Source, list[Edit]] = {}
    mended = []
    for finding in findings:
        if finding.fix is None:
            continue
        wanted = finding.fix.edits
        if any(_overlaps(edit, edits.get(edit.location.source, ())) for edit in wanted):
            continue
        mended.append(finding)
        for edit in wanted:
            insort(edits.setdefault(edit.location.source, []), edit, key=_span)
    return edits, mended


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
