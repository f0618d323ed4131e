"""From the paths on the command line to the configurations to judge."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator

from maillint.postfix.configuration import SIZE_LIMIT, ConfigurationError, read_source
from maillint.syntax.source import Source

MAIN_CF = "main.cf"
MASTER_CF = "master.cf"
_FILES = (MAIN_CF, MASTER_CF)
_TEMPLATE = re.compile(r"((?:.*[-_.])?)(main|master)([._]cf(?:[-_.].*)?)(\.\w+)", re.DOTALL)
"""The name of what may be a template: main.cf.j2, master.cf-el8.erb, postfix_main_cf.tmpl."""

STDIN = "-"
"""The path that stands for standard input."""

_SKIPPED = ("node_modules", "__pycache__", "site-packages")


class Target:
    """One configuration to judge: which files it has, and which of them the findings may stand in."""

    __slots__ = (
        "contents", "directory", "fragment", "is_alone", "is_standard_input", "main", "master", "named",
    )  # fmt: skip

    def __init__(
        self,
        directory: str,
        main: str | None,
        master: str | None,
        *,
        named: frozenset[str] | None = None,
        fragment: bool = False,
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
        self.contents: dict[str, bytes] = {}
        """By path, what to take for the file: standard input, or the file as fixes would leave it."""
        self.is_standard_input = False
        self.is_alone = False
        """True: nothing tells where the file is to lie, so that no other belongs to it."""

    @property
    def path(self) -> str:
        """What to call it in a message: what was asked for."""
        if self.named is None:
            return self.directory
        return next(path for path in (self.main, self.master) if path in self.named)

    @property
    def files(self) -> tuple[str, ...]:
        """The paths of main.cf and master.cf, as far as there are such."""
        return tuple(path for path in (self.main, self.master) if path is not None)

    def is_named(self, path: str) -> bool:
        return self.named is None or path in self.named

    def read(self, path: str) -> Source | None:
        """One of the files; None when it is mere context and cannot be used.

        Raises ConfigurationError for a file that was asked for and cannot be read, or is no configuration.
        """
        try:
            if path in self.contents:
                return checked(Source.from_bytes(path, self.contents[path]))
            return checked(read_source(path))
        except ConfigurationError:
            if self.is_named(path):
                raise
            return None


def discover(paths: Iterable[str], stdin_filename: str = MAIN_CF) -> Iterator[Target | ConfigurationError]:
    """The configurations that *paths* name, in order, each once; what is wrong with a path in its place.

    A directory stands for every main.cf and master.cf in it and below, and for their templates. Two files of
    one directory whose names differ in ``main`` and ``master`` alone are one configuration.
    ``-`` is read from standard input and judged as a file named *stdin_filename*.
    """
    targets: dict[object, Target | ConfigurationError] = {}
    for path in paths:
        if path == STDIN:
            targets[STDIN] = _standard_input(stdin_filename)
        elif os.path.isdir(path):
            found = False
            for directory, outcome in _below(path):
                found = True
                targets[directory] = outcome
            if not found:
                message = (
                    "there is no main.cf or master.cf, nor a template of one, in this directory or below it"
                )
                targets[path, "empty"] = ConfigurationError(path, message)
        else:
            key, target = _file(path)
            targets[key] = _joined(targets.get(key), target)
    yield from targets.values()


def stand_in(path: str, name: str) -> Target:
    """The file at *path*, to be judged as the one called *name*, into whose place it is to be put.

    Raises ConfigurationError when it cannot be read. What lies beside it says nothing; what lies in the
    directory of *name* belongs to it, when *name* has one.
    """
    source = read_source(path)
    _, target = _file(name)
    if not os.path.dirname(name):
        target.is_alone = True
        target.main, target.master = (file if file == name else None for file in (target.main, target.master))
    target.contents[target.path] = source.to_bytes()
    return target


def _below(top: str) -> Iterator[tuple[object, Target | ConfigurationError]]:
    """The configurations in *top* and below; links to directories are not followed, so no loop is endless."""
    waiting = [top]
    while waiting:
        directory = waiting.pop()
        try:
            with os.scandir(directory) as entries:
                listed = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            yield directory, ConfigurationError(directory, f"cannot be read: {error.strerror}")
            continue
        if directory != top and any(entry.name == "pyvenv.cfg" for entry in listed):
            continue
        # A directory in the place of a file is a fault where a configuration must be, and chance below.
        files = [
            entry.name
            for entry in listed
            if _pair(entry.name) and not (entry.is_dir() and (entry.name not in _FILES or directory != top))
        ]
        below = [
            entry.path
            for entry in listed
            if entry.is_dir(follow_symlinks=False)
            and not entry.name.startswith(".")
            and entry.name not in (*files, *_SKIPPED)
        ]
        for pair in sorted({_pair(name) for name in files}, key=lambda pair: (pair != _FILES, pair)):
            main, master = (_shown(directory, name) if name in files else None for name in pair)
            target = Target(directory, main, master, fragment=_is_fragment(pair, main, master))
            if pair != _FILES:
                target.named = frozenset(target.files)
            yield _identity(directory, pair), target
        waiting += reversed(below)


def _file(path: str) -> tuple[object, Target]:
    """A file that was named, and what it is known by when it is named twice."""
    directory, name = os.path.split(path)
    pair = _pair(name)
    if not pair:
        main, master = (None, path) if _is_master(name) else (path, None)
        return os.path.realpath(path), Target(
            directory or ".", main, master, named=frozenset((path,)), fragment=True
        )
    main, master = (
        other if name == own or os.path.isfile(other) else None
        for own, other in ((own, _shown(directory, own)) for own in pair)
    )
    return _identity(directory, pair), Target(
        directory or ".",
        main,
        master,
        named=frozenset((_shown(directory, name),)),
        fragment=_is_fragment(pair, main, master),
    )


def _pair(name: str) -> tuple[str, ...]:
    """The names of the main.cf and the master.cf that a file of this name is one of; empty: it is neither."""
    if name in _FILES:
        return _FILES
    found = _TEMPLATE.fullmatch(name)
    if found is None:
        return ()
    from maillint.syntax.template.names import ALL

    before, _, after, suffix = found.groups()
    return tuple(f"{before}{kind}{after}{suffix}" for kind in ("main", "master")) if suffix in ALL else ()


def _is_fragment(pair: tuple[str, ...], main: str | None, master: str | None) -> bool:
    """Whether what there is of *pair* need not be all: a script may add to a template that lies alone."""
    return pair != _FILES and (main is None or master is None)


def _identity(directory: str, pair: tuple[str, ...]) -> object:
    return os.path.realpath(directory or "."), pair


def _standard_input(filename: str) -> Target:
    import sys

    _, target = _file(filename)
    target.is_standard_input = True
    target.contents[target.path] = sys.stdin.buffer.read(SIZE_LIMIT + 1)
    return target


def _joined(known: Target | ConfigurationError | None, target: Target) -> Target:
    """One target for what was asked for before and now, in the same directory."""
    if not isinstance(known, Target):
        return target
    if known.named is not None and target.named is not None:
        paths = {os.path.basename(path): path for path in target.named | known.named}
        known.named = frozenset(paths.values())
        known.main, known.master = (
            path and paths.get(os.path.basename(path), path) for path in (known.main, known.master)
        )
    return known


def _shown(directory: str, name: str) -> str:
    path = os.path.join(directory, name)
    while path.startswith("./"):
        path = path[2:].lstrip("/")
    return path


def _is_master(name: str) -> bool:
    return "master" in name.lower()


def checked(source: Source) -> Source:
    """*source* itself. Raises ConfigurationError when it is no configuration that somebody wrote."""
    text = source.text
    if not text or text.isspace():
        raise ConfigurationError(source.path, "is empty; Postfix would run with its defaults alone")
    if text.startswith(_UTF16_MARKS):
        raise ConfigurationError(source.path, "is UTF-16, which Postfix cannot read; save it as UTF-8")
    sample = text[:4096]
    if len(sample.translate(_CONTROLS)) < 0.9 * len(sample):
        raise ConfigurationError(source.path, "is not a text file")
    return source


_UTF16_MARKS = ("\udcff\udcfe", "\udcfe\udcff")
"""Byte order marks, as ``surrogateescape`` decodes them."""

_CONTROLS = dict.fromkeys(code for code in range(32) if chr(code) not in "\t\n\v\f\r")
