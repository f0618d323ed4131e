"""Where Postfix looks for Dovecot, and whether it is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillint.postfix.chroot import inside, is_chrooted
from maillint.postfix.endpoints import transport
from maillint.postfix.neighbours.address import Address, of_postfix
from maillint.postfix.neighbours.dovecot import may_connect
from maillint.postfix.references import TRANSPORT, defined, services_named
from maillint.record import NamedTuple

from .._told import told

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from maillint.postfix.configuration import Configuration, View
    from maillint.postfix.neighbours.dovecot import Dovecot, Listener
    from maillint.syntax.source import Location


class Asked(NamedTuple):
    """An address that services of Postfix connect to, as one setting has it."""

    location: Location
    """The address, or the ``$name`` that it comes from."""
    parameter: str
    text: str
    """As it is written, without ``unix:`` and ``inet:``."""
    address: Address
    views: tuple[View, ...]


def joined(asked: Iterable[Asked]) -> Iterator[Asked]:
    """*asked*, those at the same place as one."""
    found: dict[tuple[Location, Address], Asked] = {}
    for one in asked:
        known = found.get((one.location, one.address))
        views = (*known.views, *one.views) if known is not None else one.views
        found[one.location, one.address] = one._replace(views=views)
    yield from found.values()


def listening(asked: Asked, listeners: Iterable[Listener]) -> list[Listener]:
    """The *listeners* that are, or may be, at the address."""
    return [listener for listener in listeners if listener.is_at(asked.address)]


def refuses(config: Configuration, listener: Listener) -> bool:
    """Whether the permissions of a socket keep Postfix out, which connects as its own user."""
    owner = config.main_view.value("mail_owner").text
    is_socket = listener.address is not None and bool(listener.address.path)
    return is_socket and owner is not None and may_connect(listener, owner) is False


def in_queue(config: Configuration, listener: Listener) -> str | None:
    """What Postfix calls the socket of *listener*, if that is below the queue directory."""
    address = listener.address
    return inside(config, address.path) if address is not None and address.path else None


def reachable_name(asked: Asked, listener: Listener) -> str | None:
    """What all who ask must write to reach *listener*; None: they cannot, or not in the same words."""
    config = asked.views[0].configuration
    name = in_queue(config, listener)
    if name is not None or listener.address is None or not listener.address.path:
        return name
    services = [view.service for view in asked.views if view.service is not None]
    return (
        None
        if any(is_chrooted(config, service) is not False for service in services)
        else listener.address.path
    )


def wanted_path(asked: Asked) -> str:
    """Where Dovecot would have to listen, as its own file names it."""
    return asked.address.path or str(asked.address)


def whole(config: Configuration) -> Dovecot | None:
    """What Dovecot is told, if all of it is known."""
    dovecot = config.neighbours.dovecot
    return dovecot if dovecot is not None and dovecot.is_whole else None


def deliveries(config: Configuration) -> list[Asked]:
    """The addresses on this host that lmtp(8) delivers to, as far as settings say so."""
    known: list[Asked] | None = config.memo.get("lmtp_deliveries")
    if known is None:
        known = config.memo["lmtp_deliveries"] = list(joined(_deliveries(config)))
    return known


def _deliveries(config: Configuration) -> Iterator[Asked]:
    transports = defined(config, TRANSPORT)
    for reference in services_named(config):
        service = transports.get(reference.name) if reference.kind == TRANSPORT else None
        if service is None or service.command != "lmtp" or told(reference.value):
            continue
        view = config.view(service.id)
        _, nexthop, start = transport(reference.value.text or "")
        if view is None or not nexthop:
            continue
        kind = nexthop[:5] if nexthop.startswith(("unix:", "inet:")) else ""
        text = nexthop.removeprefix(kind)
        address = of_postfix(view, f"{kind or 'inet:'}{text}", service="lmtp")
        location = reference.value.location(start + len(kind), start + len(nexthop))
        if address is not None and address.is_here and location is not None:
            yield Asked(location, reference.parameter, text, address, (view,))
