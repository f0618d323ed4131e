"""How to change an ignore comment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillint.engine.finding import Edit, Fix
from maillint.engine.suppression import LINE, words_of
from maillint.engine.suppression import comment as written
from maillint.syntax.source import Location, Span

if TYPE_CHECKING:
    from maillint.engine.suppression import Ignore


def without(ignore: Ignore) -> Fix:
    """Take the name out of its comment, or both of its range; a comment of which nothing is left goes."""
    halves = [ignore, *([ignore.end] if ignore.end is not None else [])]
    return Fix(f"remove `{ignore.name}` from the comment", tuple(_without(half) for half in halves))


def above(ignore: Ignore, start: int) -> Fix:
    """Put the name into a comment of its own above the logical line that begins at *start*."""
    source = ignore.location.source
    line_end = "\r\n" if source.line(source.position(start).line).endswith("\r") else "\n"
    moved = written(LINE, (ignore.name,), ignore.reason).rstrip() + line_end
    return Fix("move the comment above that line", (Edit.insert(source, start, moved), _without(ignore)))


def without_name(name: Location, line: Location) -> Fix:
    """Take *name* out of the comment that is the *line*."""
    return Fix(f"remove `{name.text}` from the comment", (_edit_without(name, line),))


def _without(ignore: Ignore) -> Edit:
    return _edit_without(ignore.location, ignore.comment)


def _edit_without(name: Location, comment: Location) -> Edit:
    source, (start, end) = name
    names = list(words_of(comment))
    if len(names) == 1:
        line = comment.span
        return Edit(Location(source, Span(line.start, min(line.end + 1, len(source.text)))), "")
    # The name and what parts it from the one before, or from the one behind when it is the first.
    before = [name.span.end for name in names if name.span.end <= start]
    after = [name.span.start for name in names if name.span.start >= end]
    return Edit(Location(source, Span(before[-1], end) if before else Span(start, after[0])), "")
