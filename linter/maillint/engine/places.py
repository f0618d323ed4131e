"""Where a finding stands that is about something that is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillint.syntax.source import Location, Span

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration


def absent_location(config: Configuration) -> Location:
    """The empty range before the first setting of main.cf, else before the first service of master.cf.

    A file without one has its beginning; ValueError: *config* has no file.
    """
    for file, entries in (
        (config.main, config.main.settings if config.main else ()),
        (config.master, config.master.services if config.master else ()),
    ):
        if file is not None:
            start = entries[0].span.start if entries else 0
            return Location(file.source, Span(start, start))
    raise ValueError("a configuration without files has no place")
