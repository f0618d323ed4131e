"""How to put two times in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillint.engine.finding import Fix

from .._edits import settings_written
from ..values._time import spelt

if TYPE_CHECKING:
    from maillint.postfix.configuration import View

    from ._limits import Disorder


def written(view: View, disorder: Disorder, name: str, seconds: int, *, safe: bool = True) -> Fix | None:
    """The fix that gives *name*, one of the two of *disorder*, the time that puts them in order."""
    beside = view.setting(disorder.parameter)
    edits = settings_written(view, {name: spelt(seconds)}, beside) if beside is not None else None
    return Fix(f"write `{name} = {spelt(seconds)}`", edits, safe) if edits else None
