"""Which programs are around a Postfix, and how sure it is that they belong to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillint.engine.finding import HIGH, MEDIUM, Related
from maillint.postfix.neighbours import CLIENTS, DOVECOT, OPENDKIM, OPENDMARC, PHP, RSPAMD

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.syntax.entries import Entry

__all__ = ["AROUND", "CLIENTS", "DOVECOT", "OPENDKIM", "OPENDMARC", "PHP", "RSPAMD", "confidence", "said_in"]

AROUND = "maillint_rules.neighbours._around"
"""This module, for the notes of a rule."""


def noted(config: Configuration) -> frozenset[str]:
    """The programs that are there, as words of :mod:`maillint.postfix.neighbours`."""
    return config.neighbours.names


def confidence(config: Configuration) -> str:
    """How sure a finding is that compares files of several programs: they may be for several containers."""
    return HIGH if config.neighbours.is_certain else MEDIUM


def said_in(entry: Entry | None, message: str) -> tuple[Related, ...]:
    """A place in the file of another program."""
    if entry is None:
        return ()
    location = entry.value.location()
    return (Related(location if location.text else entry.name_location, message),)
