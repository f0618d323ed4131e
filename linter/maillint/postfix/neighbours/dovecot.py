"""What Dovecot is told, in the language of 2.3 or of 2.4.

The readings are those of Dovecot's manual, of doveconf(1), and of the source (config/config-parser.c,
auth/auth-settings.c and its sisters). Nothing is judged here.
"""

from __future__ import annotations

import glob
import os
import re
from typing import TYPE_CHECKING

from maillint.record import NamedTuple
from maillint.syntax.dovecot import INCLUDE, INCLUDE_TRY, parse_dovecot

from .address import Address, at_path, at_port

if TYPE_CHECKING:
    from maillint.syntax.entries import Entry

    from . import Neighbours

AUTH = "auth"
LMTP = "lmtp"
SUBMISSION = "submission"

_DEEPEST = 16
"""How deep files are followed that include each other."""
_OF_PROTOCOLS = ".protocol"
"""How the files end with which packages add to ``protocols``."""
_OLD = "auth"
"""A section that files of Dovecot 1 have."""
_LISTENER = re.compile("(unix|inet)_listener")
_PORTS = {("submission-login", "submission"): "587", ("submission-login", "submissions"): "465"}
"""The ports of TCP listeners that have none written, where a protocol brings them."""


class Listener(NamedTuple):
    """A socket at which a service of Dovecot listens."""

    service: str
    address: Address | None
    """None: not known."""
    head: Entry | None
    """Where it stands; None: it is there by default."""
    mode: int | None
    """Of a UNIX-domain socket, the permissions; None: not known."""
    user: str | None
    """Who owns it; empty: root. None: not known."""
    group: str | None
    below_base: str = ""
    """The path below ``base_dir``, where that is not set: packages choose other directories for it."""

    def is_at(self, address: Address) -> bool:
        """Whether who connects to *address* may come here."""
        if self.address is None or address.reaches(self.address):
            return True
        below = self.below_base
        return bool(below) and address.path.startswith("/run/") and address.path.endswith(f"/{below}")


_BY_DEFAULT = (("auth", "auth-client", 0o600, "dovecot"), ("lmtp", "lmtp", 0o666, ""))
"""The sockets for others that are there without being asked for: service, path, mode and user."""


class Dovecot:
    """The settings of Dovecot."""

    __slots__ = ("_entries", "_gaps", "_last")

    def __init__(self, neighbours: Neighbours, path: str) -> None:
        self._entries: list[Entry] = []
        self._gaps: list[tuple[int, str]] = []
        """Before which entry a file is missing that is included, and its name."""
        self._take(neighbours, path, 0)
        self._last = {_key(entry): entry for entry in self._entries}

    def _take(self, neighbours: Neighbours, path: str, depth: int) -> None:
        file = neighbours.read(path, parse_dovecot) if depth < _DEEPEST else None
        if file is None:
            self._gaps.append((len(self._entries), path))
            return
        for entry in file.entries:
            if entry.name not in (INCLUDE, INCLUDE_TRY):
                self._entries.append(entry)
                continue
            found = _included(neighbours, path, entry.value.text)
            for included in found or ():
                self._take(neighbours, included, depth + 1)
            if found is None or (not found and entry.name == INCLUDE):
                self._gaps.append((len(self._entries), entry.value.text))

    @property
    def is_whole(self) -> bool:
        """Whether all files are here that can hold listeners, and are in a language of 2.0 or later."""
        is_old = any(entry.name == _OLD and entry.is_section and not entry.within for entry in self._entries)
        return not is_old and all(name.endswith(_OF_PROTOCOLS) for _, name in self._gaps)

    def entry(self, name: str, *within: str) -> Entry | None:
        """Where *name* is set, in the section *within*; None: the default applies.

        A section of 2.4 such as ``ssl_server`` may stand for the beginning of a name.
        """
        return self._last.get((*within, name))

    def text(self, name: str, default: str) -> str | None:
        """The value of *name*; None: it is not known, as where it depends on another setting."""
        entry = self.entry(name)
        if self._gaps and not (self.is_whole and name != "protocols"):
            return None
        text = default if entry is None else entry.value.text
        return None if "$" in text else text

    @property
    def protocols(self) -> frozenset[str] | None:
        """What Dovecot speaks; None: not known."""
        entry = self.entry("protocols")
        if entry is None:
            return None
        after = self._entries.index(entry)
        if any(at > after for at, _ in self._gaps) or "$" in entry.value.text:
            return None
        if not entry.is_section:
            return frozenset(entry.value.text.split())
        members = (found for found in self._entries if found.within and found.within[-1].name == "protocols")
        return frozenset(member.name for member in members if member.value.text == "yes")

    @property
    def delimiter(self) -> str | None:
        return self.text("recipient_delimiter", "+")

    @property
    def mechanisms(self) -> frozenset[str] | None:
        """What users may log in with, in upper case; None: not known."""
        text = self.text("auth_mechanisms", "plain")
        return None if text is None else frozenset(text.upper().split())

    @property
    def certificate(self) -> Entry | None:
        """Where the file with the certificate is set (2.3: behind a ``<``)."""
        return self.entry("ssl_server_cert_file") or self.entry("ssl_cert")

    def service_head(self, service: str) -> Entry | None:
        """Where the section of a service begins."""
        heads = (entry for entry in self._entries if entry.is_section and not entry.within)
        return next((head for head in heads if head.name == "service" and head.value.text == service), None)

    # --- listeners -----------------------------------------------------------------------------------------

    def listeners(self, *services: str) -> list[Listener]:
        """The sockets of *services*; of all, where none is named."""
        found: dict[tuple[str, ...], Listener] = {}
        for service, path, mode, user in _BY_DEFAULT:
            address = at_path(f"{self._base}/{path}")
            found[f"service {service}", f"unix_listener {path}"] = Listener(
                service, address, None, mode, user, "", path if self.entry("base_dir") is None else ""
            )
        for entry in self._entries:
            if entry.is_section and _LISTENER.fullmatch(entry.name) and len(entry.within) == 1:
                key = tuple(head.title for head in (*entry.within, entry))
                known = found.get(key)
                read = self._unix if entry.name.startswith("unix") else self._inet
                found[key] = read(entry, key, known)
        for key, port in _PORTS.items():
            usual = (f"service {key[0]}", f"inet_listener {key[1]}")
            if usual not in found and key[1] == SUBMISSION:
                found[usual] = Listener(key[0], at_port("", port), None, None, None, None)
        return [
            listener
            for listener in found.values()
            if listener.mode != 0
            and (listener.address is None or listener.address.port != "0")
            and (not services or listener.service in services)
        ]

    @property
    def _base(self) -> str:
        return (self.text("base_dir", "/run/dovecot") or "/run/dovecot").rstrip("/")

    def _unix(self, head: Entry, key: tuple[str, ...], known: Listener | None) -> Listener:
        path = self._inner(key, "path", head.value.text)
        mode = self._inner(key, "mode", f"{known.mode or 0:o}" if known else "0600")
        address = None
        if path is not None:
            address = at_path(path if path.startswith("/") else f"{self._base}/{path}")
        return Listener(
            head.within[0].value.text,
            address,
            head,
            int(mode, 8) if mode is not None and re.fullmatch("[0-7]{1,6}", mode) else None,
            self._inner(key, "user", known.user or "" if known else ""),
            self._inner(key, "group", ""),
            path or "" if self.entry("base_dir") is None and not (path or "/").startswith("/") else "",
        )

    def _inet(self, head: Entry, key: tuple[str, ...], _known: Listener | None) -> Listener:
        service = head.within[0].value.text
        port = self._inner(key, "port", _PORTS.get((service, head.value.text), ""))
        host = self._inner(key, "address", "") or self._inner(key, "listen", "")
        is_known = port is not None and port.isdecimal() and host is not None
        return Listener(
            service, at_port(host or "", port or "") if is_known else None, head, None, None, None
        )

    def _inner(self, key: tuple[str, ...], name: str, default: str) -> str | None:
        entry = self._last.get((*key, name))
        text = default if entry is None else entry.value.text
        return None if "$" in text or "%" in text else text


def read_dovecot(neighbours: Neighbours) -> Dovecot | None:
    path = neighbours.first("dovecot/dovecot.conf", "dovecot.conf")
    return Dovecot(neighbours, path) if path is not None else None


def _key(entry: Entry) -> tuple[str, ...]:
    """What an entry sets: the titles of the sections around it, and its name.

    ``ssl_server { cert_file = x }`` of 2.4 is ``ssl_server_cert_file = x``.
    """
    if len(entry.within) == 1 and not entry.is_section and not entry.within[0].value.text:
        return (f"{entry.within[0].name}_{entry.name}",)
    titles = [head.title for head in entry.within]
    return (*titles, entry.name if not entry.is_section or not entry.value.text else entry.title)


def _included(neighbours: Neighbours, path: str, name: str) -> list[str] | None:
    """The files that *name*, a pattern in the file at *path*, stands for; None: their place is not here."""
    if name.startswith("/"):
        directory = neighbours.place(os.path.dirname(name))
        if directory is None:
            return None
        pattern = os.path.join(glob.escape(directory), os.path.basename(name))
    else:
        pattern = os.path.join(glob.escape(os.path.dirname(path)), name)
    return [os.path.normpath(found) for found in sorted(glob.glob(pattern)) if os.path.isfile(found)]


def may_connect(listener: Listener, user: str) -> bool | None:
    """Whether a program that runs as *user* may connect to a UNIX-domain socket; None: not known."""
    if listener.mode is None or listener.user is None or listener.group is None:
        return None
    if listener.user == user:
        return bool(listener.mode & 0o200)
    if listener.mode & 0o002:
        return True
    if listener.mode & 0o020 and listener.group not in ("", "root"):
        return True if listener.group == user else None
    return False
