"""The report for people: each finding with its source line, its chain of causes and its mend."""

from collections.abc import Callable
from typing import TextIO

from maillint.engine.finding import ERROR, HIGH, INFO, WARNING, Finding, Fix, NotChecked
from maillint.engine.result import Result
from maillint.syntax.source import Location

from .quote import printable

_WIDTH = 110
"""A source line longer than this is shown in part, with the place in view."""

_BEFORE = 30
"""How much of such a line is shown before the place."""

_COLORS = {ERROR: "1;31", WARNING: "1;33", INFO: "1;36", "bold": "1", "frame": "34", "mend": "32"}

Paint = Callable[[str, str], str]


def write(result: Result, stream: TextIO, *, color: bool) -> None:
    """Write *result* to *stream*; *color* True uses ANSI colours."""
    paint = _painted if color else _plain
    for finding in result.findings:
        stream.write("\n".join(_lines(finding, paint)) + "\n\n")
    rules: dict[NotChecked, list[str]] = {}
    for note in result.not_checked:
        rules.setdefault(note._replace(rule=""), []).append(note.rule)
    for note, names in rules.items():
        stream.write(_not_checked(note, names, paint))


def _plain(text: str, style: str) -> str:
    return text


def _painted(text: str, style: str) -> str:
    return f"\033[{_COLORS[style]}m{text}\033[0m"


def _not_checked(note: NotChecked, rules: list[str], paint: Paint) -> str:
    """One line for all *rules* that miss the same answer."""
    where = "" if note.location is None else f"{printable(note.location.source.path)}: "
    asked = f" ({printable(note.question)})" if note.question else ""
    head = paint("not checked", "bold")
    return f"{head}: {where}{printable(note.reason)}{asked} [{', '.join(rules)}]\n"


def _lines(finding: Finding, paint: Paint) -> list[str]:
    severity = finding.severity or WARNING
    places = [finding.location, *(place.location for place in finding.related)]
    gutter = " " * len(str(max(place.start.line for place in places)))
    bar = paint("|", "frame")
    head = paint(f"{severity}[{finding.rule}]", severity)
    sure = "" if finding.confidence == HIGH else f" ({finding.confidence} confidence)"
    lines = [f"{head}: {paint(printable(finding.message), 'bold')}{sure}"]
    lines += _place(finding.location, "^", severity, "-->", gutter, paint)
    for related in finding.related:
        lines.append(f"{gutter} {bar} {printable(related.message)}:")
        lines += _place(related.location, "-", "frame", ":::", gutter, paint)
    if finding.services:
        lines.append(f"{gutter} {paint('=', 'frame')} services: {printable(', '.join(finding.services))}")
    if finding.mend:
        lines += _note("mend", finding.mend, gutter, paint)
    if finding.fix is not None:
        lines += _note("fix", _fix(finding.fix), gutter, paint)
    return lines


def _place(location: Location, mark: str, style: str, arrow: str, gutter: str, paint: Paint) -> list[str]:
    start, end = location.start, location.end
    bar = paint("|", "frame")
    where = f"{printable(location.source.path)}:{start.line}:{start.column}"
    line = location.source.line(start.line).rstrip("\r")
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


def _note(label: str, text: str, gutter: str, paint: Paint) -> list[str]:
    """A labelled remark; further lines of *text* stand below its first."""
    first, *rest = (printable(line) for line in text.split("\n"))
    indent = " " * (len(gutter) + len(label) + 5)
    head = f"{gutter} {paint('=', 'frame')} {paint(label, 'mend')}: {first}"
    return [head, *(indent + line for line in rest)]


def _fix(fix: Fix) -> str:
    kind = "safe" if fix.safe else "unsafe: changes what Postfix does"
    return f"{fix.title} ({kind})"
