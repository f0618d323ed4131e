"""Who can reach the SMTP servers of a configuration."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from maillint.addresses import is_loopback
from maillint.record import NamedTuple

from .host_port import PORTS, address_family
from .services import views_of

if TYPE_CHECKING:
    from .configuration import Configuration, Item, View

NETWORK = "network"
"""Other hosts."""
LOOPBACK = "loopback"
"""Programs on this host alone."""
NOBODY = "nobody"
"""There is no SMTP server."""
UNKNOWN = "unknown"
"""A name is listed whose address only the host knows, or the value is not known."""

_SERVERS = frozenset(("smtpd", "postscreen"))
"""The programs that speak SMTP to whoever connects to a service of the type ``inet``."""

_SUBMISSION = frozenset(("submission", "587", "submissions", "smtps", "465"))
_MAIL_EXCHANGE = frozenset(("smtp", "25"))

_LOOPBACK_NAMES = frozenset(("localhost", "localhost.localdomain", "ip6-localhost", "localhost6"))


class Listener(NamedTuple):
    """One SMTP server of master.cf."""

    view: View
    reach: str
    """NETWORK, LOOPBACK or UNKNOWN."""
    by_interfaces: bool
    """True: ``inet_interfaces`` says where it listens; False: its own entry does."""


def listeners(config: Configuration) -> tuple[Listener, ...]:
    """The SMTP servers of master.cf; without a master.cf, the one that every Postfix comes with.

    A service name with an address, as in ``127.0.0.1:10025``, does not follow ``inet_interfaces``
    (master/master_ent.c).
    """
    reach = interfaces_reach(config)
    if config.master is None:
        return (Listener(config.main_view, reach, True),)
    found = []
    for view in config.views:
        if view.service is None or view.service.type != "inet" or view.daemon not in _SERVERS:
            continue
        host, colon, _ = view.service.name.rpartition(":")
        found.append(Listener(view, _reach(host) if colon else reach, not colon))
    return tuple(found)


def address_and_port(view: View) -> tuple[str, str]:
    """Where the service of *view* listens, as its name says it; an empty address: ``inet_interfaces`` says.

    The port is a number, but for one that only services(5) of the host knows. The view of main.cf stands for
    the usual SMTP server.
    """
    host, _, port = view.service.name.rpartition(":") if view.service is not None else ("", "", "smtp")
    return host, str(PORTS.get(port, port))


def is_for_submission(view: View) -> bool:
    """Whether it is a service for the mail programs of users, by its port (RFC 6409, RFC 8314)."""
    return view.service is not None and view.service.name.rpartition(":")[2] in _SUBMISSION


def is_mail_exchange(view: View) -> bool:
    """Whether other mail servers deliver to it, by its port; also the smtpd behind postscreen(8)."""
    if view.service is None:
        return view.configuration.master is None
    return view.service.type == "pass" or view.service.name.rpartition(":")[2] in _MAIL_EXCHANGE


def mail_exchanges(config: Configuration) -> tuple[View, ...]:
    """The views of the smtpd that other mail servers talk to, on port 25 or behind postscreen(8)."""
    return tuple(filter(is_mail_exchange, views_of(config, "smtpd")))


def reach(view: View) -> str:
    """Who can reach the smtpd of *view*: NETWORK, LOOPBACK, NOBODY or UNKNOWN.

    One of the type ``pass`` gets its clients from postscreen(8). The view of main.cf stands for the usual
    SMTP server.
    """
    servers = listeners(view.configuration)
    if view.service is None or view.service.type == "pass":
        return _widest(
            server.reach for server in servers if view.service is None or server.view.daemon == "postscreen"
        )
    return next((server.reach for server in servers if server.view is view), NOBODY)


def smtp_reach(config: Configuration) -> str:
    """Who can reach any of the SMTP servers: NETWORK, LOOPBACK, NOBODY or UNKNOWN."""
    return _widest(listener.reach for listener in listeners(config))


def is_send_only(config: Configuration) -> bool:
    """Whether it is certain that no other host can hand mail to this one."""
    return smtp_reach(config) in (LOOPBACK, NOBODY)


def interfaces_reach(config: Configuration) -> str:
    """Who can reach a service that listens on ``inet_interfaces`` (global/own_inet_addr.c)."""
    value = config.main_view.value("inet_interfaces")
    if value.text == "all":
        return NETWORK
    if value.text == "loopback-only":
        return LOOPBACK
    return _widest(_item_reach(item) for item in config.main_view.items("inet_interfaces"))


def _item_reach(item: Item) -> str:
    if item.known:
        return _reach(item.text)
    return LOOPBACK if item.text.lower().startswith("localhost.") else UNKNOWN


def _reach(host: str) -> str:
    name = host.lower().removeprefix("[").removesuffix("]")
    if name in _LOOPBACK_NAMES or name.startswith("localhost."):
        return LOOPBACK
    if not is_address(name):
        return UNKNOWN
    return LOOPBACK if is_loopback(name) else NETWORK


def is_address(text: str) -> bool:
    """Whether *text* is an IP address."""
    return address_family(text) is not None


def _widest(reaches: Iterable[str]) -> str:
    found = set(reaches)
    return next((reach for reach in (NETWORK, UNKNOWN, LOOPBACK) if reach in found), NOBODY)
