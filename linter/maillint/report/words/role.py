"""What the host is for, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillint.syntax.tree import Setting

if TYPE_CHECKING:
    from maillint.postfix.role import Evidence
    from maillint.syntax.source import Location

    from . import Line


def location(evidence: Evidence) -> Location | None:
    """Where *evidence* stands; None: nowhere."""
    source = evidence.source
    if source is None:
        return None
    return source.name_location if isinstance(source, Setting) else source.fields[0].location()


def reason(evidence: Evidence) -> Line:
    """*evidence* and where it stands."""
    found = location(evidence)
    return (evidence.text,) if found is None else (f"{evidence.text} (", found, ")")
