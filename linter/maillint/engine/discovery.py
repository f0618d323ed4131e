"""From the paths on the command line to the configurations to judge."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator

MAIN_CF = "main.cf"
MASTER_CF = "master.cf"
_FILES = (MAIN_CF, MASTER_CF)

STDIN = "-"
"""The path that stands for standard input."""

MAX_BYTES = 8 << 20
"""Larger files are refused: no configuration that a person wrote is a hundredth of it."""

_SKIPPED = frozenset({"node_modules", "__pycache__", "site-packages"})


class DiscoveryError(Exception):
    """A path that cannot be checked."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(path, message)
        self.path = path
        self.message = message


class Target:
    """One configuration to judge: which files it has, and which of them the findings may stand in."""

    __slots__ = ("content", "directory", "fragment", "main", "master", "named")

    def __init__(
        self,
        directory: str,
        main: str | None,
        master: str | None,
        *,
        named: frozenset[str] | None = None,
        fragment: bool = False,
        content: bytes | None = None,
    ) -> None:
        self.directory = directory
        """The directory that the files are in, as it is shown."""
        self.main = main
        """The path of main.cf, or of a fragment of one, as it is shown; None: there is none."""
        self.master = master
        self.named = named
        """The paths that were asked for; None: all. The other file is read as context only."""
        self.fragment = fragment
        """True: a part of a configuration."""
        self.content = content
        """What standard input held; it stands for the one path in *named*."""

    @property
    def path(self) -> str:
        """What to call it in a message: what was asked for."""
        if self.named is None:
            return self.directory
        return next(path for path in (self.main, self.master) if path in self.named)

    def is_named(self, path: str) -> bool:
        return self.named is None or path in self.named

    def read(self, path: str) -> bytes | None:
        """The bytes of one of the files; None when it is mere context and cannot be used.

        Raises DiscoveryError for a file that was asked for and cannot be read, or is no configuration.
        """
        try:
            if self.content is not None and self.is_named(path):
                return checked(path, self.content)
            return checked(path, read_file(path))
        except DiscoveryError:
            if self.is_named(path):
                raise
            return None


def discover(paths: Iterable[str], stdin_filename: str = MAIN_CF) -> Iterator[Target | DiscoveryError]:
    """The configurations that *paths* name, in order, each once; what is wrong with a path in its place.

    A directory stands for every directory in it that holds a main.cf or master.cf, itself included.
    ``-`` is read from standard input and judged as a file named *stdin_filename*.
    """
    targets: dict[object, Target | DiscoveryError] = {}
    for path in paths:
        if path == STDIN:
            targets[STDIN] = _standard_input(stdin_filename)
        elif os.path.isdir(path):
            found = False
            for directory, outcome in _below(path):
                found = True
                targets[directory] = outcome
            if not found:
                message = "no main.cf or master.cf here, nor in a directory below; name the file itself"
                targets[path, "empty"] = DiscoveryError(path, message)
        else:
            key, target = _file(path)
            targets[key] = _joined(targets.get(key), target)
    yield from targets.values()


def _below(top: str) -> Iterator[tuple[str, Target | DiscoveryError]]:
    """The configurations in *top* and below; links to directories are not followed, so no loop is endless."""
    waiting = [top]
    while waiting:
        directory = waiting.pop()
        try:
            with os.scandir(directory) as entries:
                listed = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            yield directory, DiscoveryError(directory, _cannot_read(error))
            continue
        names = {entry.name for entry in listed}
        if directory != top and "pyvenv.cfg" in names:
            continue
        below = [
            entry.path
            for entry in listed
            if entry.is_dir(follow_symlinks=False)
            and not entry.name.startswith(".")
            and entry.name not in _SKIPPED
        ]
        files = [entry.name for entry in listed if entry.name in _FILES and not entry.is_dir()]
        if files:
            shown = os.path.normpath(directory)
            main, master = (_shown(shown, name) if name in files else None for name in _FILES)
            yield os.path.realpath(directory), Target(shown, main, master)
        waiting += reversed(below)


def _file(path: str) -> tuple[object, Target]:
    """A file that was named, and what it is known by when it is named twice."""
    directory, name = os.path.split(path)
    if name not in _FILES:
        main, master = (None, path) if _is_master(name) else (path, None)
        return os.path.realpath(path), Target(
            directory or ".", main, master, named=frozenset((path,)), fragment=True
        )
    main, master = (
        other if name == own or os.path.isfile(other) else None
        for own, other in ((own, _shown(directory, own)) for own in _FILES)
    )
    return os.path.realpath(directory or "."), Target(
        directory or ".", main, master, named=frozenset((_shown(directory, name),))
    )


def _standard_input(filename: str) -> Target:
    import sys

    _, target = _file(filename)
    target.content = sys.stdin.buffer.read(MAX_BYTES + 1)
    return target


def _joined(known: Target | DiscoveryError | None, target: Target) -> Target:
    """One target for what was asked for before and now, in the same directory."""
    if not isinstance(known, Target):
        return target
    if known.named is not None and target.named is not None:
        paths = {os.path.basename(path): path for path in target.named | known.named}
        known.named = frozenset(paths.values())
        known.main = paths.get(MAIN_CF, known.main)
        known.master = paths.get(MASTER_CF, known.master)
    return known


def _shown(directory: str, name: str) -> str:
    return name if directory in ("", ".") else os.path.join(directory, name)


def _is_master(name: str) -> bool:
    return "master" in name.lower()


def read_file(path: str) -> bytes:
    """The bytes of *path*. Raises DiscoveryError when it cannot be read or is larger than MAX_BYTES."""
    try:
        # Opening a pipe would wait for a writer, so the kind is asked before.
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise DiscoveryError(path, "not a regular file; pipe it to 'maillint check -' instead")
        with open(path, "rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise DiscoveryError(path, _cannot_read(error)) from None
    except ValueError as error:  # a NUL in the path
        raise DiscoveryError(path, f"cannot be read: {error}") from None


def checked(path: str, data: bytes) -> bytes:
    """*data* itself. Raises DiscoveryError when it cannot be a configuration that somebody wrote."""
    if len(data) > MAX_BYTES:
        raise DiscoveryError(path, f"larger than {MAX_BYTES >> 20} MB; this is no Postfix configuration")
    if not data.strip():
        raise DiscoveryError(path, "empty; Postfix would run with its defaults alone")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise DiscoveryError(path, "encoded as UTF-16, which Postfix cannot read; save it as UTF-8")
    sample = data[:4096]
    if len(sample.translate(None, _CONTROLS)) < 0.95 * len(sample):
        raise DiscoveryError(path, "not a text file")
    return data


_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\v\f\r")


def _cannot_read(error: OSError) -> str:
    return f"cannot be read: {error.strerror or error}"
