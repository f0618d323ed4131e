"""Edits of the elements of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillint.engine.finding import Edit
from maillint.syntax.source import Location, Span

if TYPE_CHECKING:
    from maillint.syntax.tree import Setting

_SEPARATORS = ", \t"


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
