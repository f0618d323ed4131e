"""Where one program listens and another connects to, in whatever way they write it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from maillint.record import NamedTuple

from ..host_port import PORTS, host_port

if TYPE_CHECKING:
    from ..configuration import View

_LOOPBACK = frozenset(
    {"localhost", "127.0.0.1", "::1", "ip6-localhost", "localhost.localdomain", "localhost4"}
)
_ANY = frozenset({"", "*", "0.0.0.0", "::"})
_MILTER = re.compile(
    r"(?:(?:local|unix):)?(?P<path>/.*)|inet6?:(?P<port>[^@]+)(?:@\[?(?P<host>[^\]]*)\]?)?", re.IGNORECASE
)


class Address(NamedTuple):
    """A socket of this host."""

    path: str
    """Of a UNIX-domain socket, from the root directory on; empty: it is one of TCP."""
    host: str = ""
    """In lower case, without brackets; empty: all addresses."""
    port: str = ""

    def __str__(self) -> str:
        return self.path or f"{self.host or '*'}:{self.port}"

    @property
    def is_here(self) -> bool:
        """Whether it is plainly on this host; another name or address may be, too."""
        return bool(self.path) or self.host in _LOOPBACK

    def reaches(self, other: Address) -> bool:
        """Whether who connects to this address may come to a program that listens at *other*."""
        if self.path or other.path:
            return self.path == other.path
        hosts = {self.host, other.host}
        return self.port == other.port and (len(hosts) == 1 or bool(hosts & _ANY) or hosts <= _LOOPBACK)


def at_path(path: str) -> Address:
    """The socket at *path*. ``/var/run`` is another name of ``/run``."""
    path = re.sub("/{2,}", "/", path)
    return Address(path.removeprefix("/var") if path.startswith("/var/run/") else path)


def at_port(host: str, port: str) -> Address:
    return Address("", host.strip("[]").lower(), str(PORTS.get(port.lower(), port)))


def of_milter(text: str) -> Address | None:
    """An address as milters write it: ``inet:PORT@HOST``, ``local:PATH``, a path. None: not known.

    See smfi_setconn() of libmilter.
    """
    found = _MILTER.fullmatch(text.strip())
    if found is None:
        return None
    return at_path(found["path"]) if found["path"] else at_port(found["host"] or "", found["port"].strip())


def of_postfix(view: View, text: str, service: str = "") -> Address | None:
    """An address as Postfix writes it: ``inet:HOST:PORT``, ``unix:PATH``. None: not known.

    *service*: the port where there is none. Where a path lies may depend on a chroot.
    """
    from ..chroot import on_host

    kind, _, rest = text.partition(":")
    if kind.lower() in ("unix", "local"):
        path = on_host(view, rest)
        return at_path(path) if path is not None else None
    if kind.lower() != "inet":
        return None
    parts = host_port(rest, None if service else "localhost", service or None)
    return None if parts.error else at_port(parts.host, parts.port)
