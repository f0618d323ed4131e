"""Edits of the elements of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillint.engine.finding import Edit
from maillint.syntax.source import Location, Span

if TYPE_CHECKING:
    from maillint.syntax.tree import Setting

_SEPARATORS = ", \t"


def separator(setting: Setting) -> str:
    """What to write between two elements: a ``-o`` cannot hold a blank."""
    return "," if setting.service is not None else ", "


def in_front(setting: Setting, text: str, of: Location) -> Edit:
    """The edit that puts the element *text* in front of the one at *of*."""
    start = of.span.start
    return Edit.insert(setting.source, start, text + separator(setting))


def moved_in_front(setting: Setting, item: Location, of: Location) -> tuple[Edit, Edit]:
    """The edits that move *item* in front of the element at *of*, which stands before it."""
    return in_front(setting, item.text, of), without_item(setting, item)


def appended(setting: Setting, text: str) -> Edit:
    """The edit that puts the element *text* behind the last one."""
    end = setting.value.span.end
    comma = "" if setting.value.text.endswith(",") else ","
    return Edit.insert(setting.source, end, (comma + separator(setting)[1:]) + text)


def without_item(setting: Setting, item: Location) -> Edit:
    """The edit that takes *item* out of the list in *setting*, with the separators on one side of it.

    Those before it, unless they indent a line: without its indentation, that would be a line of its own.
    """
    text = setting.source.text
    first, last = setting.value.span
    start, end = item.span
    while start > first and text[start - 1] in _SEPARATORS:
        start -= 1
    if start == first or text[start - 1] == "\n":
        start = item.span.start
        while end < last and text[end] in _SEPARATORS:
            end += 1
    return Edit(Location(setting.source, Span(start, end)), "")
