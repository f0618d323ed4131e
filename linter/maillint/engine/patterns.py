"""Patterns of paths, as settings files have them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable


class Patterns:
    """Paths that are meant, by patterns as in a .gitignore file.

    ``*`` and ``?`` stay within one name, ``**`` goes through any number of folders. A pattern without a slash
    is a name at any depth below; one with a slash begins where the settings file is. What lies in a folder
    that is meant is meant, too.
    """

    __slots__ = ("_directory", "_regex", "words")

    def __init__(self, words: Iterable[str], directory: str) -> None:
        """*words*: the patterns; *directory*: of the settings file."""
        self.words = tuple(words)
        self._directory = os.path.abspath(directory)
        self._regex: re.Pattern[str] | None = None

    def match(self, paths: Iterable[str]) -> bool:
        """Whether one of *paths* is meant."""
        if self._regex is None:
            self._regex = re.compile("|".join(f"(?:{_regex(word)})" for word in self.words) or r"(?!)")
        return any(self._regex.fullmatch(self._relative(path)) for path in paths)

    def _relative(self, path: str) -> str:
        return os.path.relpath(os.path.abspath(path), self._directory).replace(os.sep, "/")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Patterns) and (self.words, self._directory) == (
            other.words,
            other._directory,
        )

    def __hash__(self) -> int:
        return hash((self.words, self._directory))


def _regex(pattern: str) -> str:
    """The regular expression for relative paths that *pattern* means."""
    pattern = pattern.rstrip("/")
    head = "" if "/" in pattern else "(?:.*/)?"
    parts = re.split(
        r"(\*\*/|/\*\*$|\*\*|\*|\?)", pattern.removeprefix(".").lstrip("/") if head == "" else pattern
    )
    return head + "".join(_WILD.get(part, re.escape(part)) for part in parts) + "(?:/.*)?"


_WILD = {"**/": "(?:.*/)?", "/**": "/.*", "**": ".*", "*": "[^/]*", "?": "[^/]"}
