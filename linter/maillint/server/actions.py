"""What an editor can do about a finding: mend it, or silence it where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from maillint.engine import suppression
from maillint.engine.finding import Edit, Finding
from maillint.engine.fix import fixed
from maillint.postfix.configuration import ConfigurationError
from maillint.record import NamedTuple
from maillint.syntax.source import Location, Source, Span

from .diagnostics import Diagnostic, of_finding

if TYPE_CHECKING:
    from .analysis import Analysis

FIX = "fix"
FIX_UNSAFE = "fix-unsafe"
IGNORE = "ignore"
FIX_ALL = "fix-all"

ALL_TITLE = "Make all safe fixes of maillint"
REASON = "TODO: say why this is right here"
_ABOUT_IGNORES = "ignores"
"""The area of the rules about ignore comments: to silence those helps nobody."""
_ROUNDS = 20
"""One fix may make room for the next; no chain is known to be longer than three."""


class Action(NamedTuple):
    """One thing to do."""

    kind: str
    """:data:`FIX`, :data:`FIX_UNSAFE`, :data:`IGNORE` or :data:`FIX_ALL`."""
    title: str
    edits: tuple[Edit, ...]
    diagnostic: Diagnostic | None = None
    """What it is about."""


def actions(analysis: Analysis, path: str, first: int, last: int) -> list[Action]:
    """What can be done about the findings that touch the lines *first* to *last* of the file at *path*."""
    found: list[Action] = []
    here = [
        finding
        for finding in analysis.findings(path)
        if finding.location.start.line <= last and finding.location.end.line >= first
    ]
    for finding in here:
        found += _fixes(finding)
    for finding in here:
        found += _ignores(analysis, finding)
    return found


def _fixes(finding: Finding) -> Iterator[Action]:
    fix = finding.fix
    if fix is None:
        return
    title = fix.title[:1].upper() + fix.title[1:]
    if not fix.safe:
        title += " (may change what Postfix does)"
    yield Action(FIX if fix.safe else FIX_UNSAFE, title, fix.edits, of_finding(finding))


def _ignores(analysis: Analysis, finding: Finding) -> Iterator[Action]:
    rule = analysis.plan.registry.rules.get(finding.rule)
    if rule is None or rule.area == _ABOUT_IGNORES:
        return
    try:
        source = analysis.source(finding.location.source.path)
    except ConfigurationError:
        return
    lines = source.text.encode("utf-8", "surrogateescape").split(b"\n")
    number = finding.location.start.line
    if number > len(lines):
        return
    head = suppression.head_line(lines, number - 1)
    diagnostic = of_finding(finding)
    for word, line, where in ((suppression.LINE, head, "here"), (suppression.FILE, 0, "in this file")):
        comment = suppression.comment(word, (rule.id,), REASON)
        end = "\r\n" if lines[line].endswith(b"\r") else "\n"
        place = source.line_start(line + 1)
        edit = Edit.insert(source, place, comment + end)
        yield Action(IGNORE, f"Ignore {rule.id} {where}, with a reason", (edit,), diagnostic)


def has_safe_fix(analysis: Analysis, path: str) -> bool:
    """Whether :func:`fix_all` has something to do."""
    return any(_safe(analysis.findings(path), path))


def fix_all(analysis: Analysis, path: str) -> Action | None:
    """Make all safe fixes in the file at *path*, those that only others make room for included."""
    try:
        source = analysis.source(path)
    except ConfigurationError:
        return None
    text = source.text
    for _ in range(_ROUNDS):
        after = _fixed_once(analysis, path)
        if after is None or after == text:
            break
        text = after
        analysis = analysis.with_text(path, text)
    if text == source.text:
        return None
    return Action(FIX_ALL, ALL_TITLE, (_replacement(source, text),))


def _fixed_once(analysis: Analysis, path: str) -> str | None:
    """The text of the file after all safe fixes that go together and change no other file."""
    texts = fixed(_safe(analysis.findings(path), path), analysis.source)
    return next((text for source, text in texts.items() if source.path == path), None)


def _safe(findings: Iterable[Finding], path: str) -> Iterator[Finding]:
    for finding in findings:
        fix = finding.fix
        if fix is not None and fix.safe and all(edit.location.source.path == path for edit in fix.edits):
            yield finding


def _replacement(source: Source, text: str) -> Edit:
    """The one edit that makes *text* of *source*, without what both have at their beginning and end."""
    old = source.text
    head = _agreement(old, text)
    tail = _agreement(old[head:][::-1], text[head:][::-1])
    return Edit(Location(source, Span(head, len(old) - tail)), text[head : len(text) - tail])


def _agreement(one: str, other: str) -> int:
    """How many characters both have in common at the beginning."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (left, right) in pairs if left != right), min(len(one), len(other)))
