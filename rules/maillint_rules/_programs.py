"""Who reads a value, and what comes to a halt when these programs stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillint.postfix.catalogue import ServiceParameter
from maillint.record import NamedTuple

if TYPE_CHECKING:
    from ._values import Judged

EVERY = "*"
"""Stands for every Postfix program, as in the catalogue."""

_OLD_QUEUE_MANAGERS = frozenset({"nqmgr", "oqmgr"})
_FOR_ONE_SERVICE = frozenset({"pipe", "spawn"})
"""The programs that read the parameters named after a service for that service only."""

_EFFECTS = {
    "postfix": "Postfix does not start",
    "cleanup": "no mail is accepted",
    "trivial-rewrite": "no mail is accepted or delivered",
    "qmgr": "nothing is delivered",
    "postscreen": "nobody can hand over mail by SMTP",
    "smtpd": "nobody can hand over mail by SMTP",
    "smtp": "no mail leaves by SMTP",
    "lmtp": "no mail is delivered by LMTP",
    "local": "no mail reaches a local mailbox",
    "virtual": "no mail reaches a virtual mailbox",
    "pickup": "mail from local programs is not taken up",
}
"""What it means that a program cannot be started, the gravest first."""


class Readers(NamedTuple):
    """The programs that read a value."""

    programs: tuple[str, ...]
    """By name, sorted; ``("*",)``: all."""
    services: tuple[str, ...]
    """The ids of the services concerned; empty where master.cf is not known, or no service is special."""
    are_here: bool
    """False: no service of master.cf runs one of them."""

    @property
    def halt(self) -> str:
        """What happens when they refuse the value: a clause."""
        if self.programs == (EVERY,):
            return "every Postfix program stops with a fatal error, and Postfix does not start"
        if not self.are_here:
            return f"{named(self.programs)}, which no service here runs, would stop with a fatal error"
        return f"{self.stop} with a fatal error{self._effect}"

    @property
    def stop(self) -> str:
        """They stop: subject and verb."""
        if self.programs == (EVERY,):
            return "every Postfix program stops"
        return f"{named(self.programs)} {'stops' if len(self.programs) == 1 else 'stop'}"

    @property
    def _effect(self) -> str:
        if len(self.services) == 1:
            return f" whenever `{self.services[0]}` is used"
        effect = next((effect for program, effect in _EFFECTS.items() if program in self.programs), None)
        return f", and {effect}" if effect else ""


def named(programs: tuple[str, ...], conjunction: str = "and") -> str:
    """The names of programs, in words."""
    *first, last = (f"`{program}`" for program in programs)
    if len(first) > 3:
        return f"{', '.join(first[:3])} {conjunction} {len(first) - 2} other programs"
    return f"{', '.join(first)} {conjunction} {last}" if first else last


def readers(judged: Judged) -> Readers | None:
    """Who reads a value; None: it is a ``-o`` of a program that does not read it, so nobody does."""
    from maillint.postfix.vocabulary import programs

    read_by = judged.parameter.read_by
    service = judged.view.service
    if service is not None:
        if service.command not in programs() or not read_by & {service.command, EVERY}:
            return None
        return Readers((service.command,), (service.id,), are_here=True)
    if EVERY in read_by:
        return Readers((EVERY,), (), are_here=True)
    configuration = judged.view.configuration
    if configuration.master is None:
        return Readers(_worth_naming(read_by), (), are_here=True)
    views = [
        view
        for view in configuration.views
        if view.service is not None
        and view.daemon in read_by
        and view.setting(judged.parameter.name) is judged.setting
        and not _is_for_another(judged, view.daemon, view.service.name)
    ]
    commands = read_by - programs().keys()
    here = {view.daemon for view in views if view.daemon} | commands
    if not here:
        return Readers(_worth_naming(read_by), (), are_here=False)
    return Readers(tuple(sorted(here)), tuple(view.id for view in views), are_here=True)


def _worth_naming(read_by: frozenset[str]) -> tuple[str, ...]:
    """The programs without the old queue managers, unless only those read the value."""
    return tuple(sorted(read_by - _OLD_QUEUE_MANAGERS or read_by))


def _is_for_another(judged: Judged, program: str, service: str) -> bool:
    parameter = judged.parameter
    return (
        isinstance(parameter, ServiceParameter)
        and program in _FOR_ONE_SERVICE
        and parameter.service != service
    )
