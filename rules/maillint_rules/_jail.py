"""The sockets that settings name, seen from a chroot and from outside of one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import Related
from maillint.postfix.chroot import inside, is_chrooted, is_of_the_system
from maillint.postfix.master import CHROOT
from maillint.postfix.references import sockets
from maillint.record import NamedTuple

from ._told import is_placeholder, told

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.postfix.references import Reference
    from maillint.syntax.source import Location
    from maillint.syntax.tree import Service

HIDDEN = "hidden"
"""Some service looks in a chroot for a socket that is outside."""
FALSE_ROOT = "false-root"
"""Some service outside of a chroot looks for a socket as if it were inside."""

_AT_THE_ROOT = ("/private/", "/public/")
_OF_MACOS = frozenset({"etc", "tmp", "tftpboot", "var"})
"""What ``/private`` holds there."""


class Misplaced(NamedTuple):
    """A socket that is looked for in a place where it cannot be, or hardly."""

    reference: Reference
    location: Location
    services: tuple[Service, ...]
    """Those that look for it there."""
    meant: str | None
    """The path that is right inside and outside of a chroot, relative to the queue; None: there is none."""

    @property
    def related(self) -> tuple[Related, ...]:
        """The columns of master.cf that say whether there is a chroot."""
        return tuple(
            Related(service.fields[CHROOT].location(), f"this decides where `{service.name}` looks")
            for service in self.services[:1]
        )


def hidden_sockets(config: Configuration) -> Iterator[Misplaced]:
    """The absolute paths of the host that services in a chroot are told, each where it is written."""
    if any(is_chrooted(config, service) for service in config.services):
        for misplaced in _grouped(config, chrooted=True):
            path = misplaced.reference.name
            if is_of_the_system(path):
                yield misplaced._replace(meant=inside(config, path))


def false_roots(config: Configuration) -> Iterator[Misplaced]:
    """The paths below the queue directory that services outside of a chroot look for below ``/``."""
    for misplaced in _grouped(config, chrooted=False):
        path = misplaced.reference.name
        if path.startswith(_AT_THE_ROOT) and path.split("/")[2] not in _OF_MACOS:
            yield misplaced._replace(meant=path.lstrip("/"))


def _grouped(config: Configuration, *, chrooted: bool) -> Iterator[Misplaced]:
    """The sockets with an absolute path that some service, inside of a chroot or not, is told.

    One that comes out of a ``$name`` counts where it is written, if that is in use, too.
    """
    found: dict[Location, Misplaced] = {}
    written: dict[str, Location] = {}
    for reference in sorted(sockets(config), key=_is_at_name):
        service, location, path = reference.view.service, reference.location, reference.name
        if service is None or location is None or not path.startswith("/") or is_placeholder(path):
            continue
        if is_chrooted(config, service) is not chrooted or told(reference.value):
            continue
        if _is_at_name(reference):
            location = written.get(path, location)
        written.setdefault(path, location)
        known = found.setdefault(location, Misplaced(reference, location, (), None))
        if service not in known.services:
            found[location] = known._replace(services=(*known.services, service))
    yield from found.values()


def _is_at_name(reference: Reference) -> bool:
    return reference.location is not None and reference.location.text.startswith("$")


def noted(config: Configuration) -> frozenset[str]:
    """The words of this module that fit."""
    words = set()
    if next(hidden_sockets(config), None) is not None:
        words.add(HIDDEN)
    if next(false_roots(config), None) is not None:
        words.add(FALSE_ROOT)
    return frozenset(words)
