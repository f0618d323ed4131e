"""Go to definition, and find references."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillint.syntax.source import Location, Source, Span

from .occurrences import FILE, PARAMETER, alike, at

if TYPE_CHECKING:
    from .analysis import Analysis
    from .occurrences import Occurrence


def definition(analysis: Analysis, path: str, offset: int) -> list[Location]:
    """Where what stands at *offset* gets its meaning: a setting, a master.cf entry, the start of a file.

    The setting in force comes alone. On a ``-o`` it is the setting that it takes the place of, if any.
    """
    config = analysis.configuration
    here = at(config, path, offset)
    if here is None:
        return []
    if here.kind == FILE:
        return [Location(Source(here.name, ""), Span(0, 0))]
    if here.kind != PARAMETER:
        return [other.location for other in alike(config, here) if other.is_definition][-1:]
    setting = here.view.setting(here.name)
    if setting is not None and setting.name_location == here.location:
        setting = config.settings.get(here.name, setting)
    return [setting.name_location] if setting is not None else []


def references(analysis: Analysis, path: str, offset: int, with_definition: bool = True) -> list[Location]:
    """Everywhere that the thing at *offset* is set or used; *with_definition*: where it is set, too."""
    here = at(analysis.configuration, path, offset)
    if here is None:
        return []
    return [
        other.location
        for other in alike(analysis.configuration, here)
        if with_definition or not other.is_definition
    ]


def highlights(analysis: Analysis, path: str, offset: int) -> list[Occurrence]:
    """Those in the same file."""
    here = at(analysis.configuration, path, offset)
    if here is None:
        return []
    return [other for other in alike(analysis.configuration, here) if other.location.source.path == path]
