"""Mends of the fields of master.cf."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillint.engine.finding import Edit, Fix
from maillint.syntax.source import Location, Span

if TYPE_CHECKING:
    from maillint.syntax.source import LogicalText
    from maillint.syntax.tree import MasterCf


def added(master: MasterCf, entry: str) -> Edit:
    """The edit that puts *entry* at the end of master.cf."""
    text = master.source.text
    end = len(text)
    start = "" if not text or text.endswith("\n") else "\n"
    return Edit(Location(master.source, Span(end, end)), f"{start}{entry}\n")


def write(field: LogicalText, text: str, *, safe: bool = True) -> Fix:
    """Put *text* in the place of a field."""
    return Fix(f"write `{text}`", (Edit(field.location(), text),), safe=safe)
