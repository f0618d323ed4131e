"""The files that are open in the editor, and the configuration that each belongs to."""

from __future__ import annotations

import os
from urllib.parse import quote, unquote, urlsplit

from maillint.engine.discovery import MAIN_CF, MASTER_CF, Target
from maillint.record import NamedTuple
from maillint.syntax.template.languages import language_of

FILES = (MAIN_CF, MASTER_CF)
LANGUAGES = {"pfmain": MAIN_CF, "pfmaster": MASTER_CF}
"""What editors call the language of a file that is one of the two, whatever its name."""

_SCHEME = "file"


class Document(NamedTuple):
    """An open file."""

    uri: str
    """As the editor wrote it: it knows the file by no other spelling."""
    path: str
    version: int | None
    text: str
    language: str = ""

    @property
    def data(self) -> bytes:
        """What would be in the file if it were saved now."""
        return self.text.encode("utf-8")


class Documents:
    """All open files by path."""

    __slots__ = ("_open",)

    def __init__(self) -> None:
        self._open: dict[str, Document] = {}
        """Never changed, but replaced: another thread may be reading it."""

    def put(self, uri: str, version: int | None, text: str, language: str | None = None) -> Document | None:
        """Take in the text of a file; None: it is none that lies on a disk."""
        path = path_of(uri)
        if path is None:
            return None
        known = self._open.get(path)
        if language is None:
            language = known.language if known is not None else ""
        document = Document(uri, path, version, _without_surrogates(text), language)
        self._open = {**self._open, path: document}
        return document

    def close(self, uri: str) -> None:
        self._open = {path: document for path, document in self._open.items() if path != path_of(uri)}

    def get(self, path: str) -> Document | None:
        return self._open.get(path)

    def all(self) -> tuple[Document, ...]:
        return tuple(self._open.values())

    def uri(self, path: str) -> str:
        """How the editor knows the file at *path*."""
        document = self._open.get(path)
        return document.uri if document is not None else uri_of(path)

    def target(self, path: str) -> Target | None:
        """The configuration that the file at *path* belongs to, unsaved texts included; None: to none.

        Tables belong to the nearest directory above that has a main.cf or master.cf.
        """
        directory, name = os.path.split(path)
        document = self._open.get(path)
        meant = _meant(document) if document is not None and name not in FILES else None
        if meant is not None:
            return self._fragment(path, meant)
        while True:
            if any(self._is_there(os.path.join(directory, name)) for name in FILES):
                return self.directory(directory)
            above = os.path.dirname(directory)
            if above == directory:
                return None
            directory = above

    def directory(self, directory: str) -> Target:
        """The configuration in *directory*."""
        paths = (os.path.join(directory, name) for name in FILES)
        main, master = (path if self._is_there(path) else None for path in paths)
        target = Target(directory, main, master)
        target.contents = self.below(directory)
        return target

    def _fragment(self, path: str, meant: str) -> Target:
        main, master = (path, None) if meant == MAIN_CF else (None, path)
        target = Target(os.path.dirname(path), main, master, named=frozenset((path,)), fragment=True)
        target.contents = {path: self._open[path].data}
        return target

    def below(self, directory: str) -> dict[str, bytes]:
        """The open files in *directory* and below, by path."""
        start = os.path.join(directory, "")
        return {path: found.data for path, found in self._open.items() if path.startswith(start)}

    def _is_there(self, path: str) -> bool:
        return path in self._open or os.path.isfile(path)


def _meant(document: Document) -> str | None:
    """Which of the two files a document of another name is, or a template of; None: neither."""
    if document.language in LANGUAGES:
        return LANGUAGES[document.language]
    name = os.path.basename(document.path)
    meant = next((file for file in FILES if name.startswith(f"{file}.")), None)
    return meant if meant is not None and language_of(name, document.text) is not None else None


def path_of(uri: str) -> str | None:
    """The path of a file by its URI; None: it lies on no disk of this machine."""
    try:
        parts = urlsplit(uri)
        path = unquote(parts.path, errors="surrogateescape")
    except ValueError:
        return None
    if parts.scheme != _SCHEME or parts.netloc not in ("", "localhost") or not path or "\0" in path:
        return None
    return os.path.normpath(path)


def uri_of(path: str) -> str:
    return f"{_SCHEME}://" + quote(os.path.abspath(path), errors="surrogateescape")


def _without_surrogates(text: str) -> str:
    """*text* with each half of a pair that stands alone replaced: no file can hold it."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
