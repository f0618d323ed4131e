"""The settings that lead to a finding, as its related places."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from maillint.engine.finding import Related

if TYPE_CHECKING:
    from maillint.syntax.source import Location
    from maillint.syntax.tree import Setting


def set_here(settings: Iterable[Setting | None], but: Location | None = None) -> tuple[Related, ...]:
    """A place for each of *settings* that there is, each once, and none at *but*, the finding's own."""
    return tuple(
        Related(setting.value.location(), f"`{setting.name}` is set here")
        for setting in dict.fromkeys(settings)
        if setting is not None and setting.value.location() != but
    )
