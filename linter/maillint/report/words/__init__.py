"""What is known of a configuration, told in words: for the terminal and for pages alike.

A line is text with settings and places in it, which a page may link, and :func:`plain` writes out.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from maillint.syntax.source import Location

if TYPE_CHECKING:
    from maillint.syntax.tree import Setting

    Part = str | Setting | Location
    Line = tuple[Part, ...]


def plain(line: Line) -> str:
    """*line* as text: a setting with its place, and a place as ``main.cf:3``."""
    return "".join(
        part if isinstance(part, str) else place(part) if isinstance(part, Location) else _with_place(part)
        for part in line
    )


def place(location: Location) -> str:
    """The file and the line of *location*."""
    return f"{os.path.basename(location.source.path)}:{location.start.line}"


def assignment(setting: Setting) -> str:
    """*setting* in one line."""
    return f"{setting.name} = {' '.join(setting.value.text.split())}"


def _with_place(setting: Setting) -> str:
    return f"{assignment(setting)} ({place(setting.value.location())})"
