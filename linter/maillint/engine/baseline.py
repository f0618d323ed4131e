"""The findings that are known and wait to be mended: a file that a run is held against.

An entry names one finding by what it is about (:class:`~.fingerprint.Identity`), not by its line and not by
how many there are: mend one and make another in the same file, and both are seen. A value is kept as a
hash only, because it may be a password.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from maillint.record import NamedTuple

from .finding import EXTERNAL, Finding, Suppression
from .fingerprint import identities

if TYPE_CHECKING:
    from .discovery import Target

VERSION = 1


class BaselineError(Exception):
    """A baseline that cannot be read; the message names the file and what to do."""


class Entry(NamedTuple):
    """One known finding."""

    path: str
    """The file, as the baseline's directory sees it, with slashes."""
    rule: str
    parameter: str
    fingerprint: str

    def __str__(self) -> str:
        return f"{self.path}: {self.rule}" + (f" ({self.parameter})" if self.parameter else "")


class Baseline:
    """The known findings, and which of them this run has seen."""

    __slots__ = ("_directory", "_seen", "added", "entries", "path")

    def __init__(self, path: str, entries: Iterable[Entry] = ()) -> None:
        self.path = path
        self.entries = frozenset(entries)
        self.added: list[Finding] = []
        """Findings that are not in it, in the order of the run."""
        self._directory = os.path.dirname(os.path.abspath(path))
        self._seen: dict[Entry, None] = {}

    @classmethod
    def read(cls, path: str) -> Baseline:
        """The baseline in the file at *path*. Raises BaselineError."""
        try:
            with open(path, encoding="utf-8") as file:
                document = json.load(file)
            if document["version"] != VERSION:
                raise BaselineError(
                    f"{path}: is of version {document['version']}; this maillint reads {VERSION}"
                )
            return cls(path, [Entry(**_texts(entry)) for entry in document["findings"]])
        except FileNotFoundError:
            raise BaselineError(
                f"{path}: there is no such baseline; --update-baseline makes it of what is found now"
            ) from None
        except OSError as error:
            raise BaselineError(f"{path}: cannot be read: {error.strerror}") from None
        except (ValueError, KeyError, TypeError, RecursionError):
            raise BaselineError(
                f"{path}: is no baseline of maillint; --update-baseline writes it anew"
            ) from None

    def new(self, findings: Iterable[Finding]) -> tuple[list[Finding], list[Finding]]:
        """The *findings* of one configuration that are not in the baseline, and those that are."""
        new: list[Finding] = []
        known: list[Finding] = []
        for finding, entry in self._entries(findings):
            self._seen[entry] = None
            if entry in self.entries:
                finding.suppression = Suppression(EXTERNAL, "known: in the baseline")
                known.append(finding)
            else:
                new.append(finding)
        self.added += new
        return new, known

    def keep(self, findings: Iterable[Finding]) -> None:
        """Take note of *findings* that are not reported: what is in the baseline of them still applies."""
        for _, entry in self._entries(findings):
            if entry in self.entries:
                self._seen[entry] = None

    def unseen(self, judged: Iterable[Target]) -> list[Entry]:
        """The entries that no finding of this run had, though their file was *judged*, or is gone."""
        targets: dict[str, list[Target]] = {}
        for target in judged:
            targets.setdefault(os.path.abspath(target.directory), []).append(target)

        def looked_at(path: str) -> bool:
            directory, name = os.path.split(os.path.normpath(os.path.join(self._directory, path)))
            return not os.path.exists(os.path.join(directory, name)) or any(
                target.named is None or name in map(os.path.basename, target.named)
                for target in targets.get(directory, ())
            )

        unseen = self.entries - self._seen.keys()
        return sorted(entry for entry in unseen if looked_at(entry.path))

    def written(self, stale: Iterable[Entry]) -> str:
        """The text of a baseline of all that was seen, and of the old entries that are not *stale*."""
        entries = sorted((self.entries - frozenset(stale)) | self._seen.keys())
        document = {"version": VERSION, "findings": [entry._asdict() for entry in entries]}
        return json.dumps(document, indent=1, ensure_ascii=True) + "\n"

    def _entries(self, findings: Iterable[Finding]) -> Iterator[tuple[Finding, Entry]]:
        findings = list(findings)
        for finding, identity in zip(findings, identities(findings), strict=True):
            path = self._relative(identity.path)
            fingerprint = identity._replace(path=path).fingerprint
            yield finding, Entry(path, finding.rule, finding.parameter or "", fingerprint)

    def _relative(self, path: str) -> str:
        return os.path.relpath(path, self._directory).replace(os.sep, "/")


def _texts(entry: object) -> dict[str, str]:
    if not isinstance(entry, dict) or not all(isinstance(value, str) for value in entry.values()):
        raise ValueError("not a table of texts")
    return entry
