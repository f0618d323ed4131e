"""What ``$name`` comes to, shown behind the value that has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from maillint.report.quote import without_passwords

from .occurrences import settings
from .outline import shortened

if TYPE_CHECKING:
    from maillint.syntax.source import Span

    from .analysis import Analysis

_LONGEST = 60


class Hint(NamedTuple):
    """A text behind a place."""

    offset: int
    text: str
    tooltip: str
    """All of it; empty: the text has all."""


def hints(analysis: Analysis, path: str, span: Span) -> list[Hint]:
    """The expanded values of the settings that end in *span* of the file at *path*."""
    found = []
    for view, setting in settings(analysis.configuration):
        if setting.source.path != path or "$" not in setting.value.text:
            continue
        end = setting.value.span.end
        value = view.value(setting.name)
        if not span.start <= end <= span.end or value.setting is not setting:
            continue
        if not value.problem and value.partial != setting.value.text:
            full = " ".join(without_passwords(value.partial).split())
            text = shortened(full, _LONGEST)
            found.append(Hint(end, f"= {text}", full if full != text else ""))
    return found
