"""What is wrong with the ways that mail takes to smart hosts, worked out once for the rules about them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import Finding
from maillint.postfix.host_port import host_port, is_digits
from maillint.postfix.services import views_of
from maillint.postfix.smarthost import (
    OPPORTUNISTIC,
    SMTP,
    SUBMISSION,
    SUBMISSIONS,
    Provider,
    Route,
    Server,
    forbids_plain_passwords,
    is_wrapped,
    logs_in,
    mechanisms,
    password,
    password_keys,
    password_table_keys,
    provider,
    routes,
    sasl_options,
    tls_level,
)
from maillint.postfix.table_lookup import MISSING
from maillint.postfix.tls import MAY, NONE
from maillint.record import NamedTuple

from .._chain import set_here
from .._domains import may_be_registered
from .._told import told
from .._uses import ids

if TYPE_CHECKING:
    from maillint.engine.finding import Fix
    from maillint.postfix.configuration import Configuration, View
    from maillint.syntax.source import Location
    from maillint.syntax.tree import Setting

MODULE = "maillint_rules.delivery._smarthosts"

UNWRAPPED = "unwrapped"
"""Port 465 without smtp_tls_wrappermode."""
WRAPPED = "wrapped"
"""smtp_tls_wrappermode at a port for STARTTLS."""
WRAPPED_DIRECT = "wrapped-direct"
"""smtp_tls_wrappermode in a client for the mail servers of all domains."""
BLIND = "blind"
"""A client for these that does not ask the DNS for them."""
LOOP = "loop"
"""The server is this host."""
UNBRACKETED = "unbracketed"
"""The DNS is asked for mail servers of a server."""
PORT_25 = "port-25"
"""A provider is logged in to at port 25."""
NO_KEY = "no-key"
"""The table of passwords has none for the server."""
NO_MECHANISM = "no-mechanism"
"""The server has no way to log in that is allowed."""
CLEARTEXT = "cleartext"
"""A password may go without TLS."""
NO_TLS = "no-tls"
"""A provider that wants TLS gets none."""
SENDER_KEYS = "sender-keys"
"""The table of passwords has some for senders, and is not asked for any."""
NO_LOGIN = "no-login"
"""A provider that wants a login gets none."""

ROUTES = (
    "default_transport",
    "relay_transport",
    "relayhost",
    "sender_dependent_default_transport_maps",
    "sender_dependent_relayhost_maps",
    "transport_maps",
)
"""The parameters that send mail to smart hosts."""

_PLAIN = frozenset(("plain", "login"))
_STARTTLS_PORTS = (SMTP, SUBMISSION)
_LOOPBACK_WORDS = frozenset(("all", "loopback-only", "localhost", "127.0.0.1", "[::1]", "::1"))


class Fault(NamedTuple):
    """One thing that is wrong with one server of one route."""

    kind: str
    route: Route
    server: Server
    provider: Provider | None

    @property
    def view(self) -> View:
        return self.route.view


def faults(config: Configuration, kind: str) -> Iterator[Fault]:
    """The faults of this *kind*."""
    yield from (fault for fault in _all_faults(config) if fault.kind == kind)


def noted(config: Configuration) -> frozenset[str]:
    """The kinds of faults that there are."""
    words = {fault.kind for fault in _all_faults(config)}
    for view in routes(config).direct:
        if view.boolean("smtp_tls_wrappermode"):
            words.add(WRAPPED_DIRECT)
        if view.value("smtp_dns_support_level").text == "disabled" or view.boolean("disable_dns_lookups"):
            words.add(BLIND)
    if any(unused_sender_keys(view) for view in views_of(config, "smtp")):
        words.add(SENDER_KEYS)
    return frozenset(words)


def finding(
    fault: Fault,
    message: str,
    mend: str,
    *,
    at: Location | None = None,
    related: tuple[Setting | None, ...] = (),
    severity: str | None = None,
    confidence: str = "high",
    parameter: str | None = None,
    fix: Fix | None = None,
) -> Iterator[Finding]:
    """The finding about *fault*, at the server where *at* is None."""
    location = at or fault.route.location(fault.server)
    if location is not None:
        yield Finding(
            location,
            message,
            mend=mend,
            severity=severity,
            confidence=confidence,
            parameter=parameter or fault.route.parameter,
            related=set_here(related, but=location),
            services=ids([fault.view]),
            fix=fix,
        )


def is_the_only_way(fault: Fault) -> bool:
    """Whether whatever main.cf says of the SMTP client is about servers with the same port alone."""
    config = fault.view.configuration
    found = routes(config)
    clients = {route.view for route in found.routes}
    return (
        found.are_all
        and not found.direct
        and all(server.port == fault.server.port for route in found.routes for server in route.servers)
        and all(view in clients or view.id == "relay/unix" for view in config.views if view.daemon == "smtp")
        and not any(view.value("content_filter").text != "" for view in config.views)
    )


def keeps_password(fault: Fault, text: str) -> bool:
    """Whether the client has the same password when the server is written *text*."""
    if logs_in(fault.route) is False:
        return True
    keys = password_table_keys(fault.view)
    return keys is not None and (
        fault.server.host in map(str.lower, keys) or text.lower() in map(str.lower, keys)
    )


def unused_sender_keys(view: View) -> list[str]:
    """The keys of the table of passwords that are addresses, where the client looks for none."""
    if view.boolean("smtp_sender_dependent_authentication") is not False:
        return []
    if not view.boolean("smtp_sasl_auth_enable"):
        return []
    return [key for key in password_table_keys(view) or () if "@" in key and ":" not in key]


def close_keys(fault: Fault) -> list[str]:
    """The keys of the table of passwords that differ from *fault*'s server in brackets or port only."""
    keys = password_table_keys(fault.view) or []
    return [key for key in keys if _host_of_key(key) == fault.server.host]


def _host_of_key(key: str) -> str:
    """The host in a key; empty: it is none, or none with a port."""
    parts = host_port(key, None, "smtp")
    return "" if parts.error or not (is_digits(parts.port) or parts.port == "smtp") else parts.host.lower()


def _all_faults(config: Configuration) -> list[Fault]:
    known: list[Fault] | None = config.memo.get("smarthosts.faults")
    if known is None:
        known = config.memo["smarthosts.faults"] = [
            Fault(kind, route, server, found)
            for route in routes(config).routes
            if not told(route.value)
            for server in route.servers
            for found in [provider(server.host)]
            for kind in _kinds(route, server, found)
        ]
    return known


def _kinds(route: Route, server: Server, found: Provider | None) -> Iterator[str]:
    if server.port == SMTP and _is_this_host(route.view, server):
        yield LOOP
        return
    yield from _about_the_name(route, server, found)
    yield from _about_tls(route, server, found)
    if logs_in(route):
        yield from _about_the_login(route, server, found)
    elif found is not None and found.requires_tls and logs_in(route) is False:
        yield NO_LOGIN


def _is_this_host(view: View, server: Server) -> bool:
    """Whether smtp(8) says "mail loops back to myself" (smtp/smtp_addr.c, smtp/smtp_proto.c)."""
    own = view.value("myhostname").text
    if view.is_set("myhostname") and own is not None and server.host == own.lower():
        return True
    names = {
        item.text.lower() for name in ("inet_interfaces", "proxy_interfaces") for item in view.items(name)
    }
    if server.is_loopback:
        return bool(names & _LOOPBACK_WORDS)
    return server.host in {name.strip("[]") for name in names}


def _about_the_name(route: Route, server: Server, found: Provider | None) -> Iterator[str]:
    is_host = found is not None or not may_be_registered(server.host)
    if server.is_domain and is_host and (found is not None or server.port in (SUBMISSION, SUBMISSIONS)):
        yield UNBRACKETED
    if server.port == SMTP and found is not None and SUBMISSION in found.starttls and logs_in(route):
        yield PORT_25


def _about_tls(route: Route, server: Server, found: Provider | None) -> Iterator[str]:
    wrapped = is_wrapped(route)
    if wrapped is None or server.is_loopback:
        return
    if not wrapped and server.port == SUBMISSIONS:
        yield UNWRAPPED
        return
    level = tls_level(route, server)
    if level is None:
        return
    if wrapped and server.port in _STARTTLS_PORTS and level not in (NONE, MAY):
        yield WRAPPED
    if not wrapped and level == NONE and found is not None and found.requires_tls and logs_in(route):
        yield NO_TLS


def _about_the_login(route: Route, server: Server, found: Provider | None) -> Iterator[str]:
    view = route.view
    state = password(route, server)
    if state == MISSING:
        if _lacks_key(route, server, found):
            yield NO_KEY
        return
    level = tls_level(route, server)
    left = mechanisms(view)
    if level is None or (left is not None and not left & _PLAIN):
        return
    requires_tls = found is not None and found.requires_tls
    if all(forbids_plain_passwords(view, name) for name in sasl_options(level, requires_tls)):
        if takes_only_plain(view, found) or _is_submission_elsewhere(server, found):
            yield NO_MECHANISM
    elif _may_be_overheard(view, level) and not server.is_near and not (level == NONE and requires_tls):
        yield CLEARTEXT


def takes_only_plain(view: View, found: Provider | None) -> bool:
    """Whether it is certain that no login is possible but by PLAIN and LOGIN."""
    left = mechanisms(view)
    return (found is not None and found.only_plain) or (left is not None and left <= _PLAIN)


def _is_submission_elsewhere(server: Server, found: Provider | None) -> bool:
    """Whether it is some server for the mail of users, most of which take plain passwords alone."""
    return found is None and not server.is_near and server.port in (SUBMISSION, SUBMISSIONS)


def _may_be_overheard(view: View, level: str) -> bool:
    without_tls = level == NONE or level in OPPORTUNISTIC
    return without_tls and forbids_plain_passwords(view, "smtp_sasl_security_options") is False


def _lacks_key(route: Route, server: Server, found: Provider | None) -> bool:
    """Whether the table of passwords is to have a key for *server*, by what else it has, or by what it is."""
    keys = password_table_keys(route.view)
    if not keys or set(password_keys(server)) & {key.lower() for key in keys}:
        return False
    if route.view.boolean("smtp_sender_dependent_authentication") is not False and any(
        "@" in key for key in keys
    ):
        return False
    if any(_host_of_key(key) == server.host for key in keys):
        return True
    return found is not None and found.requires_tls and not server.is_domain
