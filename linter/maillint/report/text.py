"""The report for people: each finding with its source line, its chain of causes and its mend."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TextIO

from maillint.engine.finding import ERROR, HIGH, INFO, WARNING, Finding, Fix, NotChecked
from maillint.engine.fix import hunks
from maillint.engine.result import Result
from maillint.syntax.source import Location, Source

from .quote import printable, without_passwords

_WIDTH = 110
"""A source line longer than this is shown in part, with the place in view."""

_NARROWEST, _WIDEST = 60, _WIDTH
"""Between these many columns the sentences are folded: as wide as the terminal, else the widest."""

_WORD = re.compile(r"(?:`[^`]*`|\S)+")
"""What is not torn apart: what stands in backticks may have blanks, and is to be copied."""

_BEFORE = 30
"""How much of such a line is shown before the place."""

_INDENT = "    "
"""What the further lines of a message begin with."""

_NOT_CHECKED = "not checked"

_REMOVED, _ADDED = "-", "+"
_MOST_CHANGED = 8
"""Of a fix that changes more lines, only so many are shown."""
_LONGEST_CHANGED = 10_000
"""Of a change in a line that is longer than this, nothing would be seen."""

_COLORS = {
    ERROR: "1;31", WARNING: "1;33", INFO: "1;36", "bold": "1", "frame": "34", "mend": "32",
    _REMOVED: "31", _ADDED: "32",
}  # fmt: skip

Paint = Callable[[str, str], str]


def write(result: Result, stream: TextIO, *, color: bool) -> None:
    """Write *result* to *stream*; *color* True uses ANSI colours."""
    paint = _painted if color else _plain
    width = _width(stream)
    for finding in result.findings:
        stream.write("\n".join(_lines(finding, paint, width)) + "\n\n")
    rules: dict[NotChecked, list[str]] = {}
    for note in result.not_checked:
        rules.setdefault(note._replace(rule=""), []).append(note.rule)
    for note, names in rules.items():
        stream.write("\n".join(_not_checked(note, names, paint, width)) + "\n")


def _width(stream: TextIO) -> int:
    """How many columns a line may have."""
    if not stream.isatty():
        return _WIDEST
    from shutil import get_terminal_size

    return max(_NARROWEST, min(get_terminal_size((_WIDEST, 0)).columns, _WIDEST))


def folded(text: str, width: int, first: int, rest: int) -> list[str]:
    """The lines of *text* of at most *width* columns, where *first* and *rest* of these are taken already."""
    lines: list[str] = []
    line, room = "", width - first
    for word in _WORD.findall(text):
        longer = f"{line} {word}" if line else word
        if line and _columns(longer) > room:
            lines.append(line)
            line, room = word, width - rest
        else:
            line = longer
    return [*lines, line]


def _plain(text: str, style: str) -> str:
    return text


def _painted(text: str, style: str) -> str:
    return f"\033[{_COLORS[style]}m{text}\033[0m"


def _not_checked(note: NotChecked, rules: list[str], paint: Paint, width: int) -> list[str]:
    """The remark that all *rules* miss the same answer."""
    where = "" if note.location is None else f"{printable(note.location.source.path)}: "
    asked = f" ({printable(note.question)})" if note.question else ""
    text = f"{where}{printable(note.reason)}{asked} [{', '.join(rules)}]"
    first, *rest = folded(text, width, len(_NOT_CHECKED) + 2, len(_INDENT))
    return [f"{paint(_NOT_CHECKED, 'bold')}: {first}", *(_INDENT + line for line in rest)]


def _lines(finding: Finding, paint: Paint, width: int) -> list[str]:
    severity = finding.severity or WARNING
    places = [finding.location, *(place.location for place in finding.related)]
    gutter = " " * len(str(max(place.start.line for place in places)))
    bar = paint("|", "frame")
    head = f"{severity}[{finding.rule}]"
    sure = "" if finding.confidence == HIGH else f" ({finding.confidence} confidence)"
    first, *rest = folded(printable(finding.message) + sure, width, len(head) + 2, len(_INDENT))
    lines = [f"{paint(head, severity)}: {paint(first, 'bold')}"]
    lines += [_INDENT + paint(line, "bold") for line in rest]
    lines += _place(finding.location, "^", severity, "-->", gutter, paint)
    for related in finding.related:
        lines += [
            f"{gutter} {bar} {line}"
            for line in folded(f"{printable(related.message)}:", width, len(gutter) + 3, len(gutter) + 3)
        ]
        lines += _place(related.location, "-", "frame", ":::", gutter, paint)
    if finding.services:
        lines += _note("services", ", ".join(finding.services), gutter, paint, width)
    if finding.mend:
        lines += _note("mend", finding.mend, gutter, paint, width)
    if finding.fix is not None:
        lines += _note("fix", _fix(finding.fix), gutter, paint, width)
        lines += _hunks(finding.fix, gutter, paint)
    return lines


def _place(location: Location, mark: str, style: str, arrow: str, gutter: str, paint: Paint) -> list[str]:
    start, end = location.start, location.end
    bar = paint("|", "frame")
    where = f"{printable(location.source.path)}:{start.line}:{start.column}"
    line = _line(location.source, start.line)
    first = start.column - 1
    last = end.column - 1 if end.line == start.line else len(line)
    line, first, last = _in_view(line, first, last)
    shown = printable(line)
    indent = len(printable(line[:first]))
    marks = mark * max(1, _columns(printable(line[first:last])))
    number = str(start.line).rjust(len(gutter))
    return [
        f"{gutter}{paint(arrow, 'frame')} {where}",
        f"{gutter} {bar}",
        f"{paint(number, 'frame')} {bar} {shown}".rstrip(),
        f"{gutter} {bar} {' ' * _columns(shown[:indent])}{paint(marks, style)}",
    ]


@lru_cache(maxsize=8)
def _line(source: Source, number: int) -> str:
    """A line to show. One of a megabyte may have thousands of findings."""
    return without_passwords(source.line(number).rstrip("\r"))


def _in_view(line: str, first: int, last: int) -> tuple[str, int, int]:
    """The part of a long line around *first*, and where the place stands in it."""
    if len(line) <= _WIDTH:
        return line, first, last
    cut = max(0, min(first - _BEFORE, len(line) - _WIDTH))
    head, tail = "… " if cut else "", " …" if cut + _WIDTH < len(line) else ""
    part = line[cut : cut + _WIDTH]
    shift = len(head) - cut
    return f"{head}{part}{tail}", first + shift, min(last, cut + _WIDTH) + shift


def _columns(text: str) -> int:
    """How many columns a terminal gives to *text*."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def _note(label: str, text: str, gutter: str, paint: Paint, width: int) -> list[str]:
    """A labelled remark; its further lines stand below the first."""
    indent = " " * (len(gutter) + len(label) + 5)
    first, *rest = (
        part for line in text.split("\n") for part in folded(printable(line), width, len(indent), len(indent))
    )
    head = f"{gutter} {paint('=', 'frame')} {paint(label, 'mend')}: {first}"
    return [head, *(indent + line for line in rest)]


def _hunks(fix: Fix, gutter: str, paint: Paint) -> list[str]:
    """The fix as a small patch: the lines that go, and those that come."""
    edited = ((edit.location.source, edit.location.start.line) for edit in fix.edits)
    if any(len(_line(*place)) > _LONGEST_CHANGED for place in edited):
        return []
    bar = paint("|", "frame")
    lines = []
    for hunk in hunks(fix):
        changed = [(_REMOVED, line) for line in hunk.before] + [(_ADDED, line) for line in hunk.after]
        for sign, line in changed[:_MOST_CHANGED]:
            shown, _, _ = _in_view(without_passwords(line.rstrip("\r")), 0, 0)
            lines.append(f"{gutter} {bar} {paint(f'{sign} {printable(shown)}'.rstrip(), sign)}")
        if len(changed) > _MOST_CHANGED:
            lines.append(f"{gutter} {bar} … {len(changed) - _MOST_CHANGED} more")
    return lines


def _fix(fix: Fix) -> str:
    kind = "safe" if fix.safe else "unsafe: may change what Postfix does"
    return f"{fix.title} ({kind})"
