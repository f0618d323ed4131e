"""The way of mail through a configuration: where it comes in, what it passes, and where it goes.

The stops are those that have a part in it as the files say: SMTP servers and pickup(8), their checks,
cleanup(8), the queue, and the transports that a setting or a table names. Mail that Postfix makes itself
(bounces, notifications) is left out. Nothing is judged here.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.record import NamedTuple

from . import endpoints
from .access import Server, servers
from .address_class import Domains
from .domains import domain_lists
from .flow_facts import ENDS, checks, delivering, listening, rewriting, waiting
from .listening import LOOPBACK, address_and_port
from .master import active_services, command_line, is_transport
from .services import cleanup_view, rewriting_view
from .table_lookup import FOUND, open_table

if TYPE_CHECKING:
    from maillint.syntax.source import Location

    from .configuration import Configuration, View

IN = "in"
CHECKS = "checks"
REWRITING = "rewriting"
QUEUE = "queue"
TRANSPORTS = "transports"
OUT = "out"
STAGES = (IN, CHECKS, REWRITING, QUEUE, TRANSPORTS, OUT)
"""In the order in which mail comes to them."""


_CLASSES = (
    ("mydestination", "local_transport", "this host's own domains"),
    ("virtual_mailbox_domains", "virtual_transport", "hosted domains"),
    ("relay_domains", "relay_transport", "relayed domains"),
)
"""The address classes whose mail is delivered: list, transport, and what the domains are called."""
_REST = "all other mail"
_TABLES = {
    "transport_maps": "addresses in the table {}",
    "sender_dependent_default_transport_maps": "senders in the table {}",
    "sender_dependent_relayhost_maps": "senders in the table {}",
}
"""The tables that send mail another way."""


_AGENTS = ("smtp", "lmtp", "pipe", "local", "virtual", "error", "discard")
_STOCK = ("error", "retry", "discard", "smtp", "relay", "local", "virtual", "lmtp")
"""The transports that every master.cf has, used or not."""


class Stop(NamedTuple):
    """Where mail comes by."""

    key: str
    stage: str
    title: str
    facts: tuple[str, ...] = ()
    location: Location | None = None
    """Its entry in master.cf, or the setting that names it."""
    service: str = ""
    """The ``name/type`` of its entry."""


class Way(NamedTuple):
    """That mail goes from one stop to another, by their keys."""

    start: str
    end: str


class Flow(NamedTuple):
    """The way of mail through one configuration."""

    stops: tuple[Stop, ...]
    """By stage, and in the order in which the files name them."""
    ways: tuple[Way, ...]
    idle: tuple[str, ...]
    """The transports in master.cf to which no setting sends mail."""
    unknown: tuple[str, ...]
    """What may send mail another way, but cannot be read."""


def flow(config: Configuration) -> Flow:
    """The way of mail through *config*."""
    return _Finder(config).find()


class _Finder:
    def __init__(self, config: Configuration) -> None:
        self._config = config
        self._stops: dict[str, Stop] = {}
        self._ways: dict[Way, None] = {}
        self._back: list[Way] = []
        """From filters."""
        self._unknown: list[str] = []
        self._mail: dict[str, list[str]] = {}
        """By transport, which mail takes it."""
        self._servers = list(servers(config))

    def find(self) -> Flow:
        for server in self._servers:
            self._server(server)
        for view in self._config.views:
            if view.daemon in ("pickup", "qmqpd"):
                self._taker(view)
        self._add(Stop(QUEUE, QUEUE, "Queue", tuple(waiting(self._config))))
        self._destinations()
        self._filters()
        self._ways.update((way, None) for way in self._back if way.end in self._stops)
        stops = sorted(self._stops.values(), key=lambda stop: STAGES.index(stop.stage))
        return Flow(tuple(stops), tuple(self._ways), tuple(self._idle()), tuple(self._unknown))

    def _add(self, stop: Stop) -> str:
        self._stops.setdefault(stop.key, stop)
        return stop.key

    def _go(self, start: str, end: str) -> None:
        self._ways[Way(start, end)] = None

    # --- coming in ---------------------------------------------------------------------------------------

    def _server(self, server: Server) -> None:
        listener, view = server.listener, server.view
        title = f"Port {address_and_port(listener.view)[1]}"
        key = self._add(_stop(listener.view, IN, title, tuple(listening(server))))
        judging = self._add(_stop(view, CHECKS, "Checks", tuple(checks(view)))._replace(key=f"checks {key}"))
        self._go(key, judging)
        proxy = view.value("smtpd_proxy_filter")
        if proxy.text == "":
            self._go(judging, self._cleanup(view))
            return
        location = proxy.setting.value.location() if proxy.setting is not None else None
        name = Stop(
            f"proxy {proxy.partial}", REWRITING, "Filter before the queue", (proxy.partial,), location
        )
        self._go(judging, self._add(name))
        self._go_back(name.key, proxy.partial)

    def _taker(self, view: View) -> None:
        if view.daemon == "pickup":
            stop = _stop(view, IN, "Programs on this host", ("sendmail, PHP, cron",))
        else:
            stop = _stop(view, IN, "QMQP", ("for the hosts in qmqpd_authorized_clients",))
        self._go(self._add(stop), self._cleanup(view))

    def _cleanup(self, taker: View) -> str:
        name = taker.value("cleanup_service_name").text or "cleanup"
        view = cleanup_view(taker)
        facts = tuple(rewriting(view)) or ("leaves addresses as they are",)
        stop = _stop(view, REWRITING, "Rewriting", facts)
        key = self._add(stop._replace(key=f"cleanup {name}"))
        self._go(key, QUEUE)
        return key

    def _go_back(self, start: str, filter: str, transport: View | None = None) -> None:
        """Mail comes back from the filter at an address, if it is plain to which server.

        *transport*: what delivers to it; a program that calls sendmail(1) hands it to pickup(8).
        """
        if transport is not None and transport.daemon == "pipe" and transport.service is not None:
            if any(os.path.basename(word.text) == "sendmail" for word in command_line(transport.service)):
                self._back.append(Way(start, "service pickup/unix"))
            return
        found = [
            server.listener.view
            for server in self._servers
            if server.listener.reach == LOOPBACK
            and not server.listener.by_interfaces
            and server.view.value("content_filter").text == ""
            and server.view.value("smtpd_proxy_filter").text == ""
        ]
        port = filter.rpartition(":")[2]
        if len(found) > 1 and port.isdecimal():
            found = [view for view in found if address_and_port(view)[1] == str(int(port) + 1)]
        if len(found) == 1:
            self._back.append(Way(start, _key(found[0])))

    # --- going out ---------------------------------------------------------------------------------------

    def _destinations(self) -> None:
        view = rewriting_view(self._config.main_view)
        for parameter, transport, called in _CLASSES:
            listed = domain_lists(self._config)[parameter]
            names = [domain.domain for domain in listed.domains]
            if not listed.is_empty and not (listed.is_known and self._have_ways_of_their_own(names)):
                self._setting(view, transport, f"{called}{_some(names)}")
        self._setting(view, "default_transport", _REST)
        for parameter, called in _TABLES.items():
            self._table(view, parameter, called)

    def _have_ways_of_their_own(self, names: list[str]) -> bool:
        """Whether transport_maps has all these domains."""
        domains = Domains(self._config.main_view)
        return all(domains.transport_entry(f"postmaster@{name}").state == FOUND for name in names)

    def _setting(self, view: View, parameter: str, mail: str) -> None:
        value = view.value(parameter)
        name, nexthop, _ = endpoints.transport(value.partial)
        if value.problem or "…" in name:
            self._unknown.append(f"{parameter}: {value.unknown}")
            return
        self._deliver(name, nexthop, mail, value.setting.value.location() if value.setting else None)

    def _table(self, view: View, parameter: str, called: str) -> None:
        for item in view.items(parameter):
            table = open_table(item.text, view)
            name = os.path.basename(item.text.partition(":")[2]) or parameter
            if not table.is_known:
                self._unknown.append(f"{parameter}: {item.text} is not there to be read")
                continue
            for text in dict.fromkeys(entry.value for entry in table.entries()):
                transport, colon, nexthop = text.partition(":")
                if parameter == "sender_dependent_relayhost_maps":
                    transport, nexthop = "", text if text.upper() != "DUNNO" else ""
                elif not colon:
                    nexthop = ""
                default, _, own = (view.value("default_transport").text or "").partition(":")
                if transport or nexthop:
                    self._deliver(transport or default, nexthop or own, called.format(name), item.location)

    def _deliver(
        self, name: str, nexthop: str, mail: str, location: Location | None, *, is_filter: bool = False
    ) -> None:
        view = self._config.view(f"{name}/unix")
        mails = self._mail.setdefault(name, [])
        if mail not in mails:
            mails.append(mail)
        key = f"transport {name}"
        facts = tuple(f"for {mail}" for mail in mails)
        if view is None:
            missing = ("not in master.cf",) if self._config.master is not None else ()
            self._stops[key] = Stop(key, TRANSPORTS, name, (*facts, *missing), location)
        else:
            title = name if name == view.daemon else f"{name} ({view.daemon})"
            self._stops[key] = _stop(view, TRANSPORTS, title, (*facts, *delivering(view)))._replace(key=key)
        self._go(QUEUE, key)
        stop = self._out(view, name, nexthop, location)
        if is_filter:
            stop = stop._replace(key=f"filter {stop.key}", title="Content filter")
            self._go_back(stop.key, nexthop, view)
        self._go(key, self._add(stop))

    def _out(self, view: View | None, name: str, nexthop: str, location: Location | None) -> Stop:
        program = (view.daemon or "") if view is not None else name
        if view is not None and program in ENDS:
            title, facts = ENDS[program](view)
        elif program in ("smtp", "lmtp") or (view is None and name == "relay"):
            relay = rewriting_view(self._config.main_view).value("relayhost")
            if not nexthop and program != "lmtp" and relay.text:
                nexthop = relay.text
                location = relay.setting.value.location() if relay.setting is not None else None
            if nexthop:
                title, facts = ("Mail store" if program == "lmtp" else "Next server"), (nexthop,)
            else:
                title, facts, location = "The Internet", ("the servers of the recipients",), None
        elif program == "error":
            title, facts = "Returned to the sender", ((nexthop,) if nexthop else ())
        elif program == "discard":
            title, facts = "Thrown away", ()
        else:
            title, facts = program or name, ((nexthop,) if nexthop else ())
        return Stop(f"out {title} {' '.join(facts)}", OUT, title, facts, location)

    def _filters(self) -> None:
        """The content filters, and the ways back from them."""
        takers = [server.view for server in self._servers]
        takers += [view for view in self._config.views if view.daemon in ("pickup", "qmqpd")]
        filters: dict[str, list[View]] = {}
        for view in takers:
            text = view.value("content_filter").text
            if text:
                filters.setdefault(text, []).append(view)
        for text, fed in filters.items():
            name, nexthop, _ = endpoints.transport(text)
            setting = fed[0].setting("content_filter")
            location = setting.value.location() if setting is not None else None
            mail = f"the content filter (mail from {', '.join(view.id or 'outside' for view in fed)})"
            self._deliver(name, nexthop, mail, location, is_filter=True)

    def _idle(self) -> Iterator[str]:
        for service in active_services(self._config):
            is_spare = service.name in _STOCK
            is_used = f"transport {service.name}" in self._stops or service.name == "cleanup"
            if is_transport(service) and service.command in _AGENTS and not is_spare and not is_used:
                yield service.name


def _key(view: View) -> str:
    return f"service {view.id}"


def _stop(view: View, stage: str, title: str, facts: tuple[str, ...]) -> Stop:
    location = view.service.fields[0].location() if view.service is not None else None
    return Stop(_key(view), stage, title, facts, location, view.id)


def _some(names: list[str]) -> str:
    """The first of *names*, to tell what is meant."""
    if not names:
        return ""
    return f" ({names[0]}{f' and {len(names) - 1} more' if len(names) > 1 else ''})"
