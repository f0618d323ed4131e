"""Writes a file whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import BinaryIO


def replace_file(path: str, write: Callable[[BinaryIO], object]) -> None:
    """Give the file at *path* the content that *write* puts out.

    Whenever this is killed, the file is the old one or the new one.

    A symbolic link stays one: the file that it leads to is replaced. Mode and owner of a file that is
    there are kept. What is no regular file, such as ``/dev/stdout`` or a pipe, is written to as it is.
    Raises OSError, and whatever *write* raises, with the old file in place.
    """
    path = os.path.realpath(path)
    if os.path.exists(path) and not os.path.isfile(path):
        with open(path, "wb") as stream:
            write(stream)
        return
    temporary = f"{path}.maillint-{os.getpid()}"
    try:
        with open(temporary, "xb") as stream:
            write(stream)
            stream.flush()
            os.fsync(stream.fileno())
        _take_over(path, temporary)
        os.replace(temporary, path)
    except BaseException:
        if os.path.lexists(temporary):
            os.unlink(temporary)
        raise


def _take_over(path: str, temporary: str) -> None:
    """Give *temporary* the mode and owner of *path*, if there is such a file.

    Raises PermissionError where the owner can be kept in no way: a file that changes hands in silence
    may be one that Postfix no longer reads, or somebody else now does.
    """
    try:
        old = os.stat(path)
    except FileNotFoundError:
        return
    new = os.stat(temporary)
    if (old.st_uid, old.st_gid) != (new.st_uid, new.st_gid):
        os.chown(temporary, old.st_uid, old.st_gid)
    os.chmod(temporary, old.st_mode & 0o7777)
