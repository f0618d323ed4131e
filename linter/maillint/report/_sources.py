"""The files of a configuration as they stand, with places to link to, and the findings beside their lines."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from maillint.postfix.beside import open_file, path_beside
from maillint.postfix.configuration import ConfigurationError
from maillint.postfix.vocabulary import table_types
from maillint.record import NamedTuple
from maillint.syntax.source import Source

from ._page import escaped, prose
from .quote import without_passwords

if TYPE_CHECKING:
    from maillint.engine.finding import Finding
    from maillint.postfix.configuration import Configuration, View
    from maillint.syntax.source import Location

_LONGEST_LINE = 2000
"""How many characters of a line are shown in a file."""
_IN_VIEW, _BEFORE = 300, 100
"""How many of it are shown at a finding, and how many of these before the place."""
_MOST_LINES = 3000
"""A longer file is shown around what was found."""
_AROUND = 3
_LARGEST_TABLE = 1 << 20
"""In bytes."""
_FEWEST_FOLDED = 12
"""So many lines of comments in a row are folded away."""

_TABLE = re.compile(r"\b([a-z0-9_]+):([^\s,{}:]+)")
_READABLE = ("index", "text")
_SECRET = "sasl_password_maps"
_NAME = re.compile(r"[A-Za-z0-9_]+(?=\s*=)")


class Shown(NamedTuple):
    """A file that is shown."""

    id: str
    source: Source
    numbers: tuple[int, ...]
    """The lines that are shown."""
    is_configuration: bool
    """Whether it is main.cf or master.cf, and no table."""

    @property
    def name(self) -> str:
        return os.path.basename(self.source.path)


class Sources:
    """The files of one configuration that are shown: main.cf, master.cf, and the tables beside them."""

    def __init__(self, configuration: Configuration | None, findings: Iterable[Finding], prefix: str) -> None:
        """*prefix*: what the ids of the places begin with."""
        self._notes: dict[str, dict[int, list[tuple[str, Finding]]]] = {}
        touched: dict[str, set[int]] = {}
        for number, finding in enumerate(findings, 1):
            path, line = finding.location.source.path, finding.location.start.line
            self._notes.setdefault(path, {}).setdefault(line, []).append((f"{prefix}-f{number}", finding))
            for place in (finding.location, *(related.location for related in finding.related)):
                touched.setdefault(place.source.path, set()).add(place.start.line)
        self.files: dict[str, Shown] = {}
        trees = () if configuration is None else (configuration.main, configuration.master)
        sources = [(tree.source, True) for tree in trees if tree is not None]
        if configuration is not None:
            sources += [(source, False) for source in _tables(configuration)]
        for number, (source, is_configuration) in enumerate(sources, 1):
            numbers = tuple(_shown_lines(source, touched.get(source.path, set())))
            shown = Shown(f"{prefix}-s{number}", source, numbers, is_configuration)
            self.files[source.path] = shown
        self._lines = {path: frozenset(shown.numbers) for path, shown in self.files.items()}

    def anchor(self, location: Location) -> str:
        """The address of the line of *location* on the page; empty: it is not shown."""
        path, line = location.source.path, location.start.line
        if line not in self._lines.get(path, ()):
            return ""
        return f"#{self.files[path].id}-L{line}"

    def place(self, location: Location, *, whole: bool = False) -> str:
        """The file and the line of *location*, linked; *whole*: with the path of the file."""
        path = location.source.path
        text = escaped(f"{path if whole else os.path.basename(path)}:{location.start.line}")
        anchor = self.anchor(location)
        return (
            f'<a class="place" href="{anchor}">{text}</a>' if anchor else f'<span class="place">{text}</span>'
        )

    def quoted(self, location: Location, style: str) -> str:
        """The first line of *location*, with the place marked."""
        start, end = location.start, location.end
        line = location.source.line(start.line)
        last = end.column - 1 if end.line == start.line else len(line)
        shown = self.files.get(location.source.path)
        is_table = shown is not None and not shown.is_configuration
        return (
            f'<div class="quote" dir="ltr"><span class="number">{start.line}</span>'
            f"<code>{_in_view(line, start.column - 1, last, style, is_table)}</code></div>"
        )

    def listing(self, shown: Shown) -> Iterator[str]:
        """The file, with what was found below the lines."""
        notes = self._notes.get(shown.source.path, {})
        yield '<div class="source" dir="ltr">\n'
        previous = 0
        folded: list[str] = []
        for number in shown.numbers:
            if number != previous + 1:
                yield from _fold(folded)
                yield _gap(number - previous - 1)
            previous = number
            line = shown.source.line(number).rstrip("\r")
            is_comment = line.lstrip()[:1] in ("", "#")
            here = notes.get(number, [])
            html = self._line(shown, number, line, is_comment, here)
            if is_comment and not here:
                folded.append(html)
                continue
            yield from _fold(folded)
            yield html
            for id, finding in here:
                yield (
                    f'<a class="note {finding.severity}" href="#{id}"><b>{finding.severity}</b>'
                    f" {prose(finding.message)}</a>\n"
                )
        yield from _fold(folded)
        last = _line_count(shown.source)
        if last > previous:
            yield _gap(last - previous)
        yield "</div>\n"

    def _line(
        self, shown: Shown, number: int, line: str, is_comment: bool, notes: list[tuple[str, Finding]]
    ) -> str:
        spans = []
        for _, finding in notes:
            start, end = finding.location.start, finding.location.end
            last = end.column - 1 if end.line == number else len(line)
            spans.append((start.column - 1, last, finding.severity or ""))
        text = line[:_LONGEST_LINE]
        name = _NAME.match(text) if shown.is_configuration else None
        if shown.is_configuration:
            text = without_passwords(text)
        if name is not None:
            spans.append((0, name.end(), "key"))
        html = _marked(text, spans)
        if len(line) > _LONGEST_LINE:
            html += f'<span class="cut">… {len(line) - _LONGEST_LINE:,} more characters</span>'
        style = "line comment" if is_comment else "line"
        return (
            f'<div class="{style}" id="{shown.id}-L{number}"><a class="number" href="#{shown.id}-L{number}">'
            f"{number}</a><code>{html}</code></div>\n"
        )


def _gap(count: int) -> str:
    return f'<div class="gap">… {count:,} {"line" if count == 1 else "lines"} not shown</div>\n'


def _fold(lines: list[str]) -> Iterator[str]:
    """Comments in a row, folded away when they are many; empties *lines*."""
    if len(lines) >= _FEWEST_FOLDED:
        yield f"<details><summary>{len(lines)} lines of comments</summary>\n{''.join(lines)}</details>\n"
    else:
        yield from lines
    lines.clear()


def _line_count(source: Source) -> int:
    text = source.text
    return text.count("\n") + (1 if text and not text.endswith("\n") else 0)


def _shown_lines(source: Source, touched: set[int]) -> Iterable[int]:
    count = _line_count(source)
    if count <= _MOST_LINES:
        return range(1, count + 1)
    near = {
        number
        for line in (1, *sorted(touched)[: _MOST_LINES // (2 * _AROUND + 1)])
        for number in range(line - _AROUND, line + _AROUND + 1)
    }
    return sorted(number for number in near if 1 <= number <= count)


def masked(line: str) -> str:
    """*line* without passwords, and not longer than is good to look for them."""
    return without_passwords(line[: 10 * _LONGEST_LINE])


def _in_view(line: str, first: int, last: int, style: str, is_table: bool) -> str:
    line = line.rstrip("\r")[: 10 * _LONGEST_LINE] if is_table else masked(line.rstrip("\r"))
    cut = max(0, min(first - _BEFORE, len(line) - _IN_VIEW))
    part = line[cut : cut + _IN_VIEW]
    head = '<span class="cut">… </span>' if cut else ""
    tail = '<span class="cut"> …</span>' if cut + _IN_VIEW < len(line) else ""
    return head + _marked(part, [(first - cut, last - cut, style)]) + tail


def _marked(text: str, spans: Iterable[tuple[int, int, str]]) -> str:
    """*text* with its *spans* marked by their styles; of those that overlap, the first counts."""
    parts: list[str] = []
    done = 0
    for start, end, style in sorted(spans):
        start, end = max(start, done), min(end, len(text))
        if start < end:
            tag = "span" if style == "key" else "mark"
            inside = _plain(text[start:end])
            parts += (_plain(text[done:start]), f'<{tag} class="{style}">{inside}</{tag}>')
            done = end
    return "".join((*parts, _plain(text[done:])))


def _plain(text: str) -> str:
    """A tab is harmless on a page, and keeps columns in line."""
    return "\t".join(map(escaped, text.split("\t")))


# --- tables ----------------------------------------------------------------------------------------------


def _tables(configuration: Configuration) -> Iterator[Source]:
    """The tables beside main.cf that the settings in force name, but for those with passwords."""
    paths: dict[str, bool] = {}
    for view in configuration.views:
        for parameter in view.overrides if view.service is not None else configuration.settings:
            for path in _named(view, parameter):
                paths[path] = paths.get(path, False) or parameter.endswith(_SECRET)
    for path, is_secret in paths.items():
        if not is_secret and os.path.isfile(path):
            try:
                with open_file(path) as file:
                    data = file.read(_LARGEST_TABLE + 1)
            except (OSError, ConfigurationError):
                continue
            if b"\0" not in data and len(data) <= _LARGEST_TABLE:
                yield Source.from_bytes(path, data)


def _named(view: View, parameter: str) -> Iterator[str]:
    types = table_types()
    for found in _TABLE.finditer(view.value(parameter).text or ""):
        known = types.get(found[1])
        if known is not None and known.name in _READABLE:
            path = path_beside(view.configuration, found[2])
            if path is not None:
                yield path
