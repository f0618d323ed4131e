"""Where a file of the host lies for the configuration that is read, if it is there at all."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .configuration import Configuration

_NAME = "postfix"
"""What the directory of main.cf is called that lies in /etc, or in a copy of it."""


def directory_above(config: Configuration) -> str | None:
    """The directory that stands for /etc; None: where main.cf lies does not tell."""
    directory = config.directory
    if directory is None or os.path.basename(os.path.abspath(directory)) != _NAME:
        return None
    return os.path.normpath(os.path.join(directory, os.pardir))


def located(config: Configuration, name: str) -> str | None:
    """Where the file *name*, an absolute path, would be; it may be missing. None: that cannot be told.

    The directory of main.cf stands for /etc/postfix, the one above for /etc, and what holds an ``etc`` for
    the root directory.
    """
    from .beside import path_beside

    if not name.startswith("/"):
        return None
    beside = path_beside(config, name)
    above = directory_above(config)
    if beside is not None or above is None:
        return beside
    path = os.path.normpath(name)
    if path.startswith("/etc/"):
        return os.path.join(above, path.removeprefix("/etc/"))
    whole = os.path.realpath(above)
    return os.path.dirname(whole).rstrip("/") + path if os.path.basename(whole) == "etc" else None
