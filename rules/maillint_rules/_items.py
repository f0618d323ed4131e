"""Edits of the elements of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillint.engine.finding import Edit
from maillint.syntax.source import Location, Span

if TYPE_CHECKING:
    from maillint.syntax.tree import Setting

_SEPARATORS = ", \t"


def without_item(setting: Setting, item: Location) -> Edit:
    """The edit that takes *item* out of the list in *setting*, and one of the separators beside it."""
    text = setting.source.text
    start, end = item.span
    first, last = setting.value.span
    if start > first:
        while start > first and text[start - 1] in _SEPARATORS:
            start -= 1
    else:
        while end < last and text[end] in _SEPARATORS:
            end += 1
    return Edit(Location(setting.source, Span(start, end)), "")
