"""Mends of the fields of master.cf."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillint.engine.finding import Edit, Fix

if TYPE_CHECKING:
    from maillint.syntax.source import LogicalText


def write(field: LogicalText, text: str, *, safe: bool = True) -> Fix:
    """Put *text* in the place of a field."""
    return Fix(f"write `{text}`", (Edit(field.location(), text),), safe=safe)
