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

from . import endpoints, policy_service
from .access import DIES, FOREIGN, STRANGER, Client, Party, Server, decide, servers
from .access.message import has_tls, requires_tls
from .address_class import Domains
from .dnsbl import dns_list
from .domains import domain_lists
from .endpoints import DISABLED_MILTERS, milter_endpoint
from .listening import LOOPBACK, NETWORK
from .master import command_line
from .milters import OTHERS, SMTPD, milters, software
from .restrictions import access_lists
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

_PORTS = {"smtp": "25", "submission": "587", "submissions": "465", "smtps": "465"}

_REWRITING = {
    "sender_canonical_maps": "rewrites senders",
    "recipient_canonical_maps": "rewrites recipients",
    "canonical_maps": "rewrites addresses",
    "masquerade_domains": "hides host names",
    "virtual_alias_maps": "redirects recipients",
    "always_bcc": "copies all mail",
    "sender_bcc_maps": "copies mail by sender",
    "recipient_bcc_maps": "copies mail by recipient",
    "header_checks": "searches the headers",
    "mime_header_checks": "searches the headers of parts",
    "nested_header_checks": "searches the headers of messages in messages",
    "body_checks": "searches the text",
}
"""By parameter of cleanup(8), what it does to mail."""

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

_SMTP_TLS = {
    "none": "without TLS",
    "may": "TLS if offered",
    "encrypt": "TLS always",
    "dane": "TLS, by DANE where the DNS has it",
    "dane-only": "TLS by DANE always",
    "fingerprint": "TLS, certificate compared",
    "verify": "TLS, certificate verified",
    "secure": "TLS, certificate verified",
}

_STRANGER = Client(STRANGER, "198.51.100.77", "mail.stranger.example")
_SENDER = Party(FOREIGN, "someone@sender.foreign.example")
_RECIPIENT = Party(FOREIGN, "someone@foreign.example")


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
        self._add(Stop(QUEUE, QUEUE, "Queue", tuple(_queue(self._config))))
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
        key = self._add(_stop(listener.view, IN, _port(listener.view), tuple(_listening(server))))
        checks = self._add(_stop(view, CHECKS, "Checks", tuple(_checks(view)))._replace(key=f"checks {key}"))
        self._go(key, checks)
        proxy = view.value("smtpd_proxy_filter")
        if proxy.text == "":
            self._go(checks, self._cleanup(view))
            return
        location = proxy.setting.value.location() if proxy.setting is not None else None
        name = Stop(
            f"proxy {proxy.partial}", REWRITING, "Filter before the queue", (proxy.partial,), location
        )
        self._go(checks, self._add(name))
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
        facts = [
            f"{does}: {parameter}"
            for parameter, does in _REWRITING.items()
            if view.is_set(parameter) and view.value(parameter).text != ""
        ]
        facts += [f"milter for mail of programs: {_named(text)}" for text in _asked(view, OTHERS)]
        stop = _stop(view, REWRITING, "Rewriting", tuple(facts or ("leaves addresses as they are",)))
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
            found = [view for view in found if _number(view) == str(int(port) + 1)]
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
            self._stops[key] = _stop(view, TRANSPORTS, title, (*facts, *_client(view)))._replace(key=key)
        self._go(QUEUE, key)
        stop = self._out(view, name, nexthop, location)
        if is_filter:
            stop = stop._replace(key=f"filter {stop.key}", title="Content filter")
            self._go_back(stop.key, nexthop, view)
        self._go(key, self._add(stop))

    def _out(self, view: View | None, name: str, nexthop: str, location: Location | None) -> Stop:
        program = (view.daemon or "") if view is not None else name
        if view is not None and program in _ENDS:
            title, facts = _ENDS[program](view)
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
        from .master import active_services, is_transport

        for service in active_services(self._config):
            is_spare = service.name in (
                "error",
                "retry",
                "discard",
                "smtp",
                "relay",
                "local",
                "virtual",
                "lmtp",
            )
            is_used = f"transport {service.name}" in self._stops or service.name == "cleanup"
            if is_transport(service) and service.command in _CLIENTS and not is_spare and not is_used:
                yield service.name


_CLIENTS = ("smtp", "lmtp", "pipe", "local", "virtual", "error", "discard")


def _key(view: View) -> str:
    return f"service {view.id}"


def _stop(view: View, stage: str, title: str, facts: tuple[str, ...]) -> Stop:
    location = view.service.fields[0].location() if view.service is not None else None
    return Stop(_key(view), stage, title, facts, location, view.id)


def _number(view: View) -> str:
    port = view.service.name.rpartition(":")[2] if view.service is not None else "smtp"
    return _PORTS.get(port, port)


def _port(view: View) -> str:
    return f"Port {_number(view)}"


def _some(names: list[str]) -> str:
    """The first of *names*, to tell what is meant."""
    if not names:
        return ""
    return f" ({names[0]}{f' and {len(names) - 1} more' if len(names) > 1 else ''})"


def _listening(server: Server) -> Iterator[str]:
    """Where a server listens, and what it offers."""
    listener, view = server.listener, server.view
    service = listener.view.service
    host = service.name.rpartition(":")[0] if service is not None else ""
    if host:
        yield f"at {host}"
    elif listener.reach == LOOPBACK:
        yield "for this host only"
    elif listener.reach == NETWORK:
        yield "for other hosts"
    if view is not listener.view:
        yield "postscreen tests clients first"
    if view.boolean("smtpd_tls_wrappermode"):
        yield "TLS from the start"
    elif requires_tls(view):
        yield "TLS required (STARTTLS)"
    else:
        yield "TLS offered (STARTTLS)" if has_tls(view) else "no TLS"
    if view.boolean("smtpd_sasl_auth_enable"):
        under_tls = view.boolean("smtpd_tls_auth_only") or requires_tls(view)
        yield "login (AUTH), only under TLS" if under_tls else "login (AUTH)"


def _checks(view: View) -> Iterator[str]:
    """What a server does to clients and mail before it accepts them."""
    verdict = decide(view, _STRANGER, _SENDER, _RECIPIENT)
    if verdict.outcome == DIES:
        yield "accepts nothing: the server ends when it starts"
    else:
        yield {
            True: "lets strangers send anywhere",
            False: "lets no stranger send elsewhere",
            None: "may let strangers send elsewhere",
        }[verdict.accepts]
    lists = access_lists(view)
    words = [reached.restriction for start in lists.lists.values() for reached in lists.walk(start)]
    dnsbls, policies, tables = dict[str, None](), dict[str, None](), dict[str, None]()
    for word in words:
        argument = word.argument.text if word.argument is not None else ""
        if word.fact is not None and argument and word.fact.argument == "dnsbl":
            dnsbls[dns_list(argument).domain] = None
        elif word.name == "check_policy_service":
            policies[policy_service.endpoint(argument).text] = None
        elif argument and word.name.startswith("check_") and word.name.endswith("_access"):
            name = os.path.basename(argument.partition(":")[2])
            tables["one that is written out" if "{" in argument else name] = None
    yield from (f"asks the list {name}" for name in dnsbls)
    yield from (f"asks the policy server {name}" for name in policies)
    if tables:
        yield f"access tables: {', '.join(tables)}"
    yield from (f"milter: {_named(text)}" for text in _asked(view, SMTPD))


def _asked(view: View, parameter: str) -> list[str]:
    """The endpoints of the milters that the program of *view* asks."""
    found = milters(view, parameter)
    if found is not None:
        return [milter.endpoint for milter in found]
    if view.value(parameter).partial.upper() == DISABLED_MILTERS:
        return []
    return [milter_endpoint(item.text).text for item in view.items(parameter)]


def _named(endpoint: str) -> str:
    program = software(endpoint)
    return endpoint if program is None else f"{program.name} ({endpoint})"


def _queue(config: Configuration) -> Iterator[str]:
    lifetime = config.main_view.value("maximal_queue_lifetime").text
    if lifetime:
        yield f"tries for {lifetime}"


def _client(view: View) -> Iterator[str]:
    """How a transport delivers."""
    if view.daemon in ("smtp", "lmtp"):
        prefix = view.daemon
        level = view.value(f"{prefix}_tls_security_level").text
        if level:
            yield _SMTP_TLS.get(level, f"TLS level {level}")
        if view.boolean(f"{prefix}_sasl_auth_enable"):
            yield "logs in"
    elif view.daemon == "local" and view.value("alias_maps").text != "":
        yield f"aliases: {view.value('alias_maps').partial}"


def _local(view: View) -> tuple[str, tuple[str, ...]]:
    for parameter in ("mailbox_transport", "mailbox_command", "home_mailbox"):
        text = view.value(parameter).partial
        if text:
            return "Mailboxes of this host's users", (f"{parameter}: {text}",)
    return "Mailboxes of this host's users", (view.value("mail_spool_directory").partial,)


def _virtual(view: View) -> tuple[str, tuple[str, ...]]:
    base = view.value("virtual_mailbox_base").partial
    return "Mailboxes of hosted domains", ((f"below {base}",) if base else ())


def _pipe(view: View) -> tuple[str, tuple[str, ...]]:
    words = command_line(view.service) if view.service is not None else []
    return "Program", (words[0].text,) if words else ()


_ENDS = {"local": _local, "virtual": _virtual, "pipe": _pipe}
