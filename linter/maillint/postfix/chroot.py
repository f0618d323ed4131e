"""Which services run in a chroot, and what that hides from them.

A program with `y` in the column "chroot" sees the queue directory as ``/`` as soon as it is initialized
(master/single_server.c and its sisters). Lookup tables, certificates and keys are opened before; a table that
asks a server connects later, as do milters, policy and login servers, and next hops, and so a UNIX-domain
socket is looked for inside. What a program has ``proxymap(8)`` open is found outside. Nothing is judged here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .master import CHROOT
from .version import Version, implied_by_compatibility_level
from .vocabulary import programs

if TYPE_CHECKING:
    from maillint.syntax.tree import Service

    from .configuration import Configuration, View

_LEVEL = "compatibility_level"
_FIRST_WITH_LEVELS = Version("3.0")
"""Before, ``-`` meant a chroot (master/master_ent.c)."""
_LEVEL_WITHOUT = 1
"""The first compatibility level for which ``-`` means none."""

_OF_THE_SYSTEM = (
    "bin", "dev", "etc", "home", "lib", "mnt", "opt", "proc", "root", "run", "sbin", "srv", "sys", "tmp",
    "usr", "var",
)  # fmt: skip
"""Top-level directories that every host has."""


def is_chrooted(config: Configuration, service: Service) -> bool | None:
    """Whether the service runs in a chroot; None: ``-``, and the compatibility level is not known."""
    field = service.fields[CHROOT].text
    return default_is_chroot(config) if field == "-" else field == "y"


def default_is_chroot(config: Configuration) -> bool | None:
    """What ``-`` in the column "chroot" means; None: the compatibility level is not known."""
    if not config.version.has(_FIRST_WITH_LEVELS):
        return True
    if config.main is None:
        return None
    level = config.main_view.value(_LEVEL).text
    if level is None or implied_by_compatibility_level(level) is None:
        return None
    return int(level.strip().partition(".")[0]) < _LEVEL_WITHOUT


def needs_whole_system(service: Service) -> bool:
    """Whether the program of the service cannot do its work in a chroot (conf/master.cf)."""
    found = programs().get(service.command)
    return found is not None and not found.chroot


def queue_directory(config: Configuration) -> str:
    """Where the queue is, without a slash at the end; the usual place where that is not known."""
    text = config.main_view.value("queue_directory").text or "/var/spool/postfix"
    return text.rstrip("/")


def inside(config: Configuration, path: str) -> str | None:
    """An absolute *path* of the host as a program in the chroot must write it; None: it is outside."""
    within = path.startswith(queue_directory(config) + "/")
    return path[len(queue_directory(config)) + 1 :].lstrip("/") if within else None


def on_host(view: View, path: str) -> str | None:
    """Where the socket is on the host that the service of *view* looks for at *path*.

    None: that depends on what is not known, or the service looks where nothing can be (the rules about
    chroots speak of that).
    """
    config, service = view.configuration, view.service
    if not path.startswith("/"):
        return f"{queue_directory(config)}/{path}"
    chrooted = is_chrooted(config, service) if service is not None else None
    if chrooted is None or chrooted is is_of_the_system(path):
        return None
    return queue_directory(config) + path if chrooted else path


def is_of_the_system(path: str) -> bool:
    """Whether an absolute *path* begins with a directory that every host has.

    Any other, such as ``/opendkim/opendkim.sock``, is plainly meant to be in the queue directory.
    """
    return path.startswith("/") and path.split("/")[1] in _OF_THE_SYSTEM
