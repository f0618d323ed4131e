"""What the formats for machines share: paths, texts and counts of columns as other programs want them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from maillint.engine.finding import Finding

from .quote import printable

if TYPE_CHECKING:
    from maillint.syntax.source import Location


def relative(path: str) -> str:
    """*path* as seen from the current directory, to print; links resolved; one elsewhere stays absolute.

    Platforms show findings only at the paths that their repository has, and know no link.
    """
    return printable(relative_path(path))


def relative_path(path: str) -> str:
    """The same with all its bytes, with slashes."""
    if "\0" in path:  # the name of no file
        return path
    real, here = os.path.realpath(path), os.path.realpath(os.curdir)
    if real.startswith(here.rstrip(os.sep) + os.sep):
        real = os.path.relpath(real, here)
    return real.replace(os.sep, "/")


def clean(text: str) -> str:
    """*text* with its lines, and nothing in them that a terminal, a parser or a page would stumble over."""
    return "\n".join(printable(line) for line in text.split("\n"))


def sentence(finding: Finding) -> str:
    """The message and the mend, as one text of several lines."""
    return clean(finding.message + (f"\nMend: {finding.mend}" if finding.mend else ""))


def utf8_column(location: Location, *, end: bool = False) -> int:
    """The column, from 1, counted in octets of UTF-8; a byte that is not UTF-8 is one."""
    line, column = location.end if end else location.start
    return len(location.source.line(line)[: column - 1].encode("utf-8", "surrogateescape")) + 1


def utf16_column(location: Location, *, end: bool = False) -> int:
    """The column, from 1, counted in the units of UTF-16."""
    line, column = location.end if end else location.start
    return len(location.source.line(line)[: column - 1].encode("utf-16-le", "surrogatepass")) // 2 + 1


def is_text(text: str) -> bool:
    """Whether *text* can be written in UTF-8: it has no byte of a file that is not."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
