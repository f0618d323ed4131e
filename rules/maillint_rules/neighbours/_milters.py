"""The milters that Postfix asks, and the programs around it that they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillint.postfix.endpoints import milter_endpoint
from maillint.postfix.milters import OTHERS, SMTPD, milters
from maillint.postfix.neighbours import OPENDKIM, OPENDMARC, RSPAMD
from maillint.postfix.neighbours.address import Address, of_postfix
from maillint.postfix.services import views_of
from maillint.record import NamedTuple

from .._told import told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from maillint.postfix.configuration import Configuration, View
    from maillint.syntax.entries import Entry
    from maillint.syntax.source import Location

_ASKING = ((SMTPD, "smtpd"), (OTHERS, "cleanup"))
"""The parameters that name milters, and the programs that ask them."""

_NAMES = {"OpenDKIM": OPENDKIM, "OpenDMARC": OPENDMARC, "rspamd": RSPAMD}


class Asked(NamedTuple):
    """A milter that services of Postfix ask."""

    location: Location
    """Its address, or the ``$name`` that it comes from."""
    parameter: str
    text: str
    """Its address, as Postfix reads it."""
    address: Address | None
    """None: not known, or on another host."""
    program: str
    """What its address looks like: OPENDKIM, OPENDMARC or RSPAMD; empty: it does not tell."""
    views: tuple[View, ...]


class Listening(NamedTuple):
    """A program that listens for Postfix."""

    program: str
    title: str
    addresses: tuple[Address, ...]
    """Any of these may be the right one."""
    entry: Entry | None
    """What says so; None: the program's default."""


def asked(config: Configuration) -> list[Asked]:
    """The milters that are set somewhere, each once for each address."""
    known: list[Asked] | None = config.memo.get("milters_asked")
    if known is None:
        known = config.memo["milters_asked"] = list(_asked(config))
    return known


def _asked(config: Configuration) -> Iterator[Asked]:
    found: dict[tuple[Location, Address | None], Asked] = {}
    for parameter, program in _ASKING:
        for view in views_of(config, program):
            value = view.value(parameter)
            if value.setting is None or told(value):
                continue
            for milter in milters(view, parameter) or ():
                endpoint = milter_endpoint(milter.item.text)
                location = value.location(
                    milter.item.start + endpoint.start, milter.item.start + endpoint.end
                )
                if location is None or not milter.item.known:
                    continue
                address = of_postfix(view, milter.endpoint)
                if address is not None and not address.is_here:
                    address = None
                known = found.get((location, address))
                views = (*known.views, view) if known is not None else (view,)
                name = _NAMES.get(milter.software.name, "") if milter.software is not None else ""
                found[location, address] = Asked(location, parameter, milter.endpoint, address, name, views)
    yield from found.values()


def listening(config: Configuration) -> list[Listening]:
    """The milters among the programs around Postfix, as far as it is known where they listen."""
    around = config.neighbours
    found = []
    for name, title, program in (
        (OPENDKIM, "OpenDKIM", around.opendkim),
        (OPENDMARC, "OpenDMARC", around.opendmarc),
    ):
        addresses = program.addresses if program is not None else None
        if program is not None and addresses is not None:
            found.append(Listening(name, title, addresses, program.entry("socket")))
    rspamd = around.rspamd.milter if around.rspamd is not None else None
    if rspamd is not None:
        sockets, off = rspamd
        entry = next((entry for _, entry in sockets if entry is not None), None)
        if off is None:
            found.append(Listening(RSPAMD, "rspamd", tuple(address for address, _ in sockets), entry))
    return found


def asks(config: Configuration, program: str) -> list[Asked]:
    """The milters that are *program*: its own address, or one that looks like it."""
    own = [found for found in listening(config) if found.program == program]
    return [
        one
        for one in asked(config)
        if (
            any(one.address.reaches(address) for found in own for address in found.addresses)
            if own and one.address is not None
            else one.program == program
        )
    ]
