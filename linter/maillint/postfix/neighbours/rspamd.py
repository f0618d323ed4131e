"""Where rspamd's milter listens, and what it signs.

The readings are those of rspamd's documentation ("Rspamd proxy worker", "DKIM signing module"). Files in
``override.d`` win over those in ``local.d``, and these over what the package brings. Nothing is judged here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from maillint.syntax.ucl import parse_ucl

from .address import Address, at_path, at_port

if TYPE_CHECKING:
    from maillint.syntax.entries import Entry

    from . import Neighbours

_PORT = "11332"
"""Of the milter, as the package brings it."""
_PLACES = ("override.d", "local.d")
_OFF = frozenset({"false", "no", "off", "0"})
_WORDS = re.compile(r"\S+")


class Section:
    """What is told for one domain: options, or a list of such in the section ``selectors``."""

    __slots__ = ("_options", "head")

    def __init__(self, head: Entry, options: dict[Entry, dict[str, Entry]]) -> None:
        self.head = head
        self._options = options

    @property
    def title(self) -> str:
        return self.head.name

    @property
    def members(self) -> list[dict[str, Entry]]:
        """The options by name; several sets of them, where there is such a list."""
        listed = [options for head, options in self._options.items() if head is not self.head]
        return listed or [self._options.get(self.head, {})]

    def take(self, entry: Entry) -> None:
        """Add an option. Of sections, only a list and its elements count."""
        if not entry.is_section:
            self._options.setdefault(entry.within[-1], {})[entry.name] = entry


class Rspamd:
    """The settings of rspamd."""

    __slots__ = ("_is_known", "_neighbours", "_settings")

    def __init__(self, neighbours: Neighbours) -> None:
        self._neighbours = neighbours
        self._settings: dict[str, dict[str, list[Entry]] | None] = {}
        self._is_known = not neighbours.paths("rspamd/rspamd.conf.override", "rspamd/rspamd.conf.local")

    def settings(self, name: str, packaged: str = "") -> dict[str, list[Entry]] | None:
        """The settings of a module or worker, by name; None: a file cannot be understood.

        *packaged*: the file that the package brings, which a user may have changed.
        """
        if name not in self._settings:
            self._settings[name] = self._read(name, packaged)
        return self._settings[name]

    def _read(self, name: str, packaged: str) -> dict[str, list[Entry]] | None:
        found: dict[str, list[Entry]] = {}
        names = [f"rspamd/{place}/{name}" for place in _PLACES] + ([f"rspamd/{packaged}"] if packaged else [])
        for path in self._neighbours.paths(*names):
            file = self._neighbours.read(path, parse_ucl)
            if file is None:
                return None
            here: dict[str, list[Entry]] = {}
            for entry in file.entries:
                if not entry.within:
                    here.setdefault(entry.name, []).append(entry)
                elif len(entry.within) == 1 and not entry.name:
                    here[entry.within[0].name].append(entry)
            found = {**here, **found}
        return found

    @property
    def milter(self) -> tuple[list[tuple[Address, Entry | None]], Entry | None] | None:
        """Where the milter listens, each with what says so; and what turns it off. None: not known."""
        settings = self.settings("worker-proxy.inc")
        if settings is None or not self._is_known:
            return None
        milter = settings.get("milter", [])
        off = next((entry for entry in milter if entry.value.text.lower() in _OFF), None)
        sockets = [entry for entry in settings.get("bind_socket", []) if entry.value.text]
        if not sockets:
            return [(at_port("localhost", _PORT), None)], off
        found: list[tuple[Address, Entry | None]] = []
        for entry in sockets:
            address = _address(entry.value.text)
            if address is None:
                return None
            found.append((address, entry))
        return found, off

    def sections(self, name: str, within: str) -> list[Section]:
        """The sections in the section *within* of a module, by its name; those of ``domain``, for one."""
        found: dict[Entry, Section] = {}
        for path in self._neighbours.paths(*(f"rspamd/{place}/{name}" for place in _PLACES)):
            file = self._neighbours.read(path, parse_ucl)
            if file is None or not any(entry.name == within for entry in file.entries):
                continue
            for entry in file.entries:
                around = entry.within
                if not around or around[0].name != within:
                    continue
                if len(around) == 1 and entry.is_section:
                    found[entry] = Section(entry, {})
                elif len(around) > 1:
                    found[around[1]].take(entry)
            break
        return list(found.values())

    def is_off(self, name: str) -> Entry | None:
        """What turns off the option *name* of the module that signs."""
        entries = (self.settings("dkim_signing.conf") or {}).get(name, [])
        return next((entry for entry in entries if entry.value.text.lower() in _OFF), None)


def read_rspamd(neighbours: Neighbours) -> Rspamd | None:
    return Rspamd(neighbours) if neighbours.paths("rspamd/*.d/*", "rspamd/*.conf") else None


def _address(text: str) -> Address | None:
    """What ``bind_socket`` says: a path with a mode behind it, or ``HOST:PORT``."""
    found = _WORDS.match(text)
    word = found[0] if found is not None else ""
    if word.startswith("/"):
        return at_path(word)
    host, colon, port = word.rpartition(":")
    return at_port(host, port) if colon and port.isdecimal() and host != "systemd" else None
