"""Files beside main.cf: where they lie, and what is in them."""

from __future__ import annotations

import os
import stat
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from .configuration import Configuration

USUAL = "/etc/postfix"
"""The directory that the one that is read stands for."""


def path_beside(config: Configuration, name: str) -> str | None:
    """The path of the file *name* in the directory that is read, if it belongs there; it may be missing."""
    directory = config.directory
    if directory is None:
        return None
    for place in (USUAL, config.main_view.value("config_directory").text, os.path.abspath(directory)):
        if place and name.startswith(place + "/"):
            inside = os.path.normpath(name[len(place) + 1 :])
            return None if inside.startswith("..") else os.path.join(directory, inside)
    return None


unsaved: dict[str, bytes] = {}
"""By path, what to take for a file instead of what is on the disk: an editor has it open."""


def open_file(path: str) -> BinaryIO:
    """Open a file beside main.cf for reading; OSError: it cannot be read, or is no regular file.

    Nobody waits for somebody to write into a pipe.
    """
    if path in unsaved:
        return BytesIO(unsaved[path])
    file = open(path, "rb", opener=_without_waiting)  # noqa: SIM115
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError("it is not a regular file")
    return file


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
