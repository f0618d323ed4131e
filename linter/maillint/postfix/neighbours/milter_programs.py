"""What OpenDKIM and OpenDMARC are told.

The readings are those of opendkim.conf(5), "DATA SETS" of opendkim(8), opendmarc.conf(5), and of the sources
(opendkim/config.c, opendkim/opendkim-db.c, opendmarc/opendmarc.c). Nothing is judged here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from maillint.syntax.entries import Entry, EntryFile, written
from maillint.syntax.pairs import ASSIGNMENTS, WORDS, parse_pairs
from maillint.syntax.source import Span

from .address import Address, of_milter

if TYPE_CHECKING:
    from . import Neighbours

FILE = "file"
REFILE = "refile"
CSL = "csl"
"""Items that stand in the value, with commas between."""

_TYPE = re.compile(r"([A-Za-z]+):")
_TRUE = frozenset("tTyY1")


class Settings:
    """A file of ``Name value``; of a name that comes again, the last counts."""

    __slots__ = ("_entries", "_neighbours", "_started_with", "file")

    def __init__(self, neighbours: Neighbours, file: EntryFile, name: str) -> None:
        """*name*: the file in /etc/default and /etc/sysconfig with what the program is started with."""
        self._neighbours = neighbours
        self.file = file
        self._entries = {entry.name.lower(): entry for entry in file.entries}
        self._started_with = name

    def entry(self, name: str) -> Entry | None:
        """Where *name* is set."""
        return self._entries.get(name.lower())

    def text(self, name: str) -> str | None:
        """The value; empty: it is not set. None: a program is to fill it in, or it may stand elsewhere."""
        entry = self.entry(name)
        if "include" in self._entries or (entry is not None and "$" in entry.value.text):
            return None
        return entry.value.text if entry is not None else ""

    def is_on(self, name: str) -> bool | None:
        """A yes/no value; None: not known. Only its first letter counts."""
        text = self.text(name)
        return None if text is None else text[:1] in _TRUE

    @property
    def addresses(self) -> tuple[Address, ...] | None:
        """Where the program listens; several, where it is not told which counts. None: not known.

        An option of the command line is stronger than ``Socket``; older packages have it in a file.
        """
        texts = [self.text("socket")]
        for path in self._neighbours.paths(
            f"default/{self._started_with}", f"sysconfig/{self._started_with}"
        ):
            file = self._neighbours.read(path, partial(parse_pairs, form=ASSIGNMENTS))
            texts += (
                [entry.value.text.strip("\"'") for entry in file.entries if entry.name == "SOCKET"]
                if file
                else []
            )
        known = [of_milter(text) for text in texts if text]
        if None in texts or not known or None in known:
            return None
        return tuple(address for address in known if address is not None)

    @property
    def mask(self) -> int | None:
        """What ``UMask`` takes from the permissions of a socket; None: it is not set, or not known."""
        text = self.text("umask") or ""
        return int(text, 8) if re.fullmatch("0?[0-7]{1,3}", text) else None

    @property
    def user(self) -> str:
        """Who the program runs as; empty: not known."""
        return (self.text("userid") or "").partition(":")[0]

    def set_of(self, name: str) -> DataSet | None:
        """The data set that *name* names; None: it is not set."""
        entry = self.entry(name)
        return DataSet(self._neighbours, entry) if entry is not None else None


class DataSet:
    """What one setting of OpenDKIM names: a file, or items in the value itself."""

    __slots__ = ("entries", "entry", "kind", "name", "unknown")

    def __init__(self, neighbours: Neighbours, entry: Entry) -> None:
        self.entry = entry
        text = entry.value.text
        found = _TYPE.match(text.partition(",")[0])
        self.kind = found[1].lower() if found is not None else FILE if text.startswith("/") else CSL
        """Such as :data:`FILE`."""
        start = found.end() if found is not None else 0
        self.name = text[start:]
        """The name of the file, or whatever a type calls its source."""
        self.entries: tuple[Entry, ...] | None = None
        """None: not known."""
        self.unknown = ""
        """Why not: the file is not here, or the data set is of a type that cannot be read here."""
        if self.kind == CSL:
            self.entries = tuple(_items(entry, start))
        elif self.kind in (FILE, REFILE):
            path = neighbours.named(self.name)
            file = neighbours.read(path, partial(parse_pairs, form=WORDS)) if path is not None else None
            self.entries = file.entries if file is not None else None
            if path is None:
                self.unknown = f"`{self.name}`, which `{entry.name}` names, is not here"
            elif file is None:
                self.unknown = neighbours.unread[path]
        else:
            self.unknown = f"`{entry.name}` is of the type `{self.kind}`, which cannot be read here"


def _items(entry: Entry, start: int) -> Iterator[Entry]:
    for found in re.finditer(r"[^,\s][^,]*", entry.value.text[start:]):
        first, last = start + found.start(), start + found.start() + len(found[0].rstrip())
        span = entry.value.location(first, last).span
        yield Entry(
            entry.source, Span(*span), written(entry.source, span.end, span.end), (), is_section=False
        )


class OpenDkim(Settings):
    """The settings of OpenDKIM."""

    __slots__ = ()

    @property
    def signs(self) -> bool:
        """Whether it signs at all."""
        return "s" in (self.text("mode") or "sv").lower()

    @property
    def uses_tables(self) -> bool:
        """Whether ``KeyTable`` and ``SigningTable`` decide, and not ``Domain``."""
        return self.entry("keytable") is not None

    @property
    def internal_hosts(self) -> tuple[Entry, ...] | None:
        """The hosts whose mail it signs, where ``InternalHosts`` is set; None: not known."""
        found = self.set_of("internalhosts")
        return found.entries if found is not None else None

    def covers(self, user: str, domain: str) -> bool | None:
        """Whether mail from ``user@domain`` is signed, if its client is trusted; None: not known."""
        if not self.signs:
            return False
        if self.uses_tables:
            table = self.set_of("signingtable")
            if table is None or table.entries is None:
                return None
            return any(_matches(table.kind, entry.name, user.lower(), domain) for entry in table.entries)
        listed = self.set_of("domain")
        if listed is None or listed.entries is None or self.text("domain") is None:
            return None
        names = {entry.name.lower() for entry in listed.entries}
        parts = domain.split(".")
        above = {".".join(parts[at:]) for at in range(1, len(parts))} if self.is_on("subdomains") else set()
        return domain in names or bool(names & above) or any("*" in name for name in names)


def _matches(kind: str, key: str, user: str, domain: str) -> bool:
    """Whether a line of the SigningTable is for an address (opendkim.conf(5), SigningTable)."""
    key = key.lower()
    if kind == REFILE:
        pattern = "".join(".*" if char == "*" else re.escape(char) for char in key)
        return re.fullmatch(pattern, f"{user}@{domain}") is not None
    parts = domain.split(".")
    above = ["." + ".".join(parts[at:]) for at in range(1, len(parts))]
    keys = {f"{user}@{domain}", domain, f"{user}@*", "*", *above, *(f"{user}@{name}" for name in above)}
    return key in keys


class OpenDmarc(Settings):
    """The settings of OpenDMARC."""

    __slots__ = ()


def read_opendkim(neighbours: Neighbours) -> OpenDkim | None:
    file = _read(neighbours, "opendkim.conf", "opendkim/opendkim.conf")
    return OpenDkim(neighbours, file, "opendkim") if file is not None else None


def read_opendmarc(neighbours: Neighbours) -> OpenDmarc | None:
    file = _read(neighbours, "opendmarc.conf", "opendmarc/opendmarc.conf")
    return OpenDmarc(neighbours, file, "opendmarc") if file is not None else None


def _read(neighbours: Neighbours, *names: str) -> EntryFile | None:
    path = neighbours.first(*names)
    return neighbours.read(path, partial(parse_pairs, form=WORDS)) if path is not None else None
