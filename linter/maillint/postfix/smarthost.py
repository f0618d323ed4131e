"""The ways that mail leaves by smtp(8) to servers that the administrator chose, and how it is sent there.

Which way is whose: trivial-rewrite/resolve.c and transport.c. What a client does with a next hop:
smtp/smtp_connect.c, smtp_tls_policy.c, smtp_sasl_glue.c and smtp_sasl_proto.c. Each client is taken with its
``-o``. Nothing is judged here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.addresses import is_loopback, is_public
from maillint.record import NamedTuple

from .endpoints import destination_problem, destinations, transport
from .facts import lines
from .host_port import PORTS, address_family, host_port, is_digits
from .services import program_of, rewriting_view, service_view
from .table_lookup import FOUND, MISSING, UNKNOWN, open_table
from .tls import DANE, ENCRYPT, LEVELS, MAY, NONE, client_level

if TYPE_CHECKING:
    from maillint.syntax.source import Location

    from .configuration import Configuration, Item, Value, View
    from .table_lookup import Found

SMTP, SUBMISSIONS, SUBMISSION = 25, 465, 587

OPPORTUNISTIC = (MAY, DANE)
"""The levels at which mail goes with TLS or without."""

_DUNNO = "dunno"
_LOCAL_NAMES = frozenset(("localhost", "localhost.localdomain", "ip6-localhost"))


class Server(NamedTuple):
    """One next hop, as in ``[smtp.example.com]:587``."""

    text: str
    start: int
    """Its offset in the next hops of the route."""
    host: str
    """In lower case, without brackets."""
    port: int | None
    """None: a service that only services(5) knows."""
    is_domain: bool
    """Whether the DNS is asked for mail servers of :attr:`host`."""

    @property
    def is_loopback(self) -> bool:
        return self.host in _LOCAL_NAMES or is_loopback(self.host)

    @property
    def is_near(self) -> bool:
        """Whether it is on this host or a private network, as far as the text tells."""
        public = is_public(self.host)
        if public is None:
            return self.host in _LOCAL_NAMES or "." not in self.host.strip(".")
        return not public


class Route(NamedTuple):
    """One setting, or entry of a table, that sends mail to servers by smtp(8)."""

    view: View
    """Of the client that delivers."""
    servers: tuple[Server, ...]
    """In the order of trial."""
    parameter: str
    value: Value
    start: int
    """The offset of the next hops in the value; of a table, that of the table."""
    item: Item | None = None
    """The table that has it; None: it stands in the value itself."""
    entry: Found | None = None

    def location(self, server: Server) -> Location | None:
        """Where *server* is written; the table that has it; None: in a default."""
        if self.item is not None:
            return self.item.location
        start = self.start + server.start
        return self.value.location(start, start + len(server.text))

    @property
    def where(self) -> str:
        """What has it, for a message, such as ``relayhost`` or ``transport_maps (transport:3)``."""
        if self.entry is None:
            return f"`{self.parameter}`"
        name = self.entry.path.rpartition("/")[2]
        return f"`{self.parameter}`" + (f" (`{name}` line {self.entry.line})" if name else "")


class Routes(NamedTuple):
    """The ways out of one configuration."""

    routes: tuple[Route, ...]
    direct: tuple[View, ...]
    """The clients that surely deliver to the mail servers of recipients' domains."""
    are_all: bool
    """Whether there can be no others: no table stays unread, and no value unknown."""


def routes(config: Configuration) -> Routes:
    """The ways by which mail leaves *config*."""
    known: Routes | None = config.memo.get("smarthost.routes")
    if known is None:
        known = config.memo["smarthost.routes"] = _Finder(config).find()
    return known


class _Finder:
    def __init__(self, config: Configuration) -> None:
        self._config = config
        self._view = rewriting_view(config.main_view)
        self._found: list[Route] = []
        self._unknown = False

    def find(self) -> Routes:
        view = self._view
        default = self._transport("default_transport")
        relay = self._transport("relay_transport") if self._may_relay() else None
        relayhost = view.value("relayhost")
        self._unknown |= relayhost.text is None
        for client in dict.fromkeys(client for client in (default, relay) if client is not None):
            self._add(client, relayhost.text or "", "relayhost", relayhost, 0)
        self._transport("local_transport")
        self._transport("virtual_transport")
        tables = [
            self._tables("sender_dependent_relayhost_maps", default),
            self._tables("sender_dependent_default_transport_maps", None),
            self._tables("transport_maps", default),
        ]
        is_direct = default is not None and relayhost.text == "" and not any(tables)
        direct = (default,) if is_direct and default is not None else ()
        return Routes(tuple(self._found), direct, not self._unknown)

    def _may_relay(self) -> bool:
        view = self._view
        return view.is_set("relay_domains") and view.value("relay_domains").text != ""

    def _transport(self, parameter: str) -> View | None:
        """The client of a transport without a next hop of its own; None: another program, or not known."""
        value = self._view.value(parameter)
        named = transport(value.partial)
        client = self._client(named.name)
        if value.text is None and (client is not None or "…" in named.name or value.problem):
            self._unknown = True
            return None
        if client is not None and named.nexthop:
            self._add(client, named.nexthop, parameter, value, named.nexthop_start)
            return None
        return client

    def _client(self, name: str) -> View | None:
        """The view of the service *name*, if that is smtp(8)."""
        is_client = program_of(self._config, name) == "smtp"
        return service_view(self._config, name, "smtp") if is_client else None

    def _tables(self, parameter: str, default: View | None) -> bool:
        """Take the results of the tables in *parameter*; whether some mail may go by one of them.

        *default*: the client for results without a transport.
        """
        value = self._view.value(parameter)
        if value.text == "":
            return False
        for item in self._view.items(parameter):
            table = open_table(item.text, self._view)
            self._unknown |= not item.known or not table.is_known
            for entry in table.entries():
                self._take(parameter, value, item, entry, default)
        return True

    def _take(self, parameter: str, value: Value, item: Item, entry: Found, default: View | None) -> None:
        if entry.value.lower() == _DUNNO:
            return
        if parameter == "sender_dependent_relayhost_maps":
            client, nexthop = default, entry.value
        else:
            named = transport(entry.value)
            client, nexthop = self._client(named.name) if named.name else default, named.nexthop
        if client is not None and "$" not in nexthop:
            self._add(client, nexthop, parameter, value, item.start, item, entry)

    def _add(
        self,
        client: View,
        nexthop: str,
        parameter: str,
        value: Value,
        start: int,
        item: Item | None = None,
        entry: Found | None = None,
    ) -> None:
        found = tuple(servers(nexthop, client))
        if found:
            self._found.append(Route(client, found, parameter, value, start, item, entry))


def servers(nexthop: str, client: View) -> Iterator[Server]:
    """The servers in *nexthop*, as *client* takes it; nothing for what smtp(8) cannot read."""
    asks = asks_for_mail_servers(client)
    for item in destinations(nexthop, client.configuration.version):
        if destination_problem(item.text) is not None:
            continue
        parts = host_port(item.text, None, "smtp")
        port = int(parts.port) if is_digits(parts.port) else PORTS.get(parts.port)
        is_domain = asks is not False and not item.text.startswith("[")
        yield Server(item.text, item.start, parts.host.lower(), port, is_domain)


def asks_for_mail_servers(client: View) -> bool | None:
    """Whether the client looks MX records up (smtp_dns_support in smtp/smtp.c); None: not known."""
    support = client.value("smtp_dns_support_level").text
    if support is None:
        return None
    if support:
        return support.lower() != "disabled"
    disabled = client.boolean("disable_dns_lookups")
    return None if disabled is None else not disabled


# --- TLS -------------------------------------------------------------------------------------------------


def is_wrapped(route: Route) -> bool | None:
    """Whether TLS begins at once; None: unknown."""
    return route.view.boolean("smtp_tls_wrappermode")


def tls_level(route: Route, server: Server) -> str | None:
    """The TLS level at which *server* is spoken to, of ``tls.LEVELS``; None: unknown."""
    view = route.view
    policies = view.items("smtp_tls_policy_maps")
    if not policies and view.value("smtp_tls_per_site").text != "":
        return None
    for key in _policy_keys(server):
        for item in policies:
            found = open_table(item.text, view).find(key) if item.known else None
            if found is None or found.state not in (FOUND, MISSING):
                return None
            if found.state == FOUND:
                level = found.value.replace(",", " ").split(None, 1)[0].lower() if found.value else ""
                return level if level in LEVELS else None
    return client_level(view, "smtp")


def _policy_keys(server: Server) -> Iterator[str]:
    """The next hop as it is written; where that is a domain, its parents, too."""
    yield server.text
    if server.text.lower() == server.host and address_family(server.host) is None:
        labels = server.host.split(".")
        for at in range(1, len(labels)):
            yield "." + ".".join(labels[at:])


# --- SASL ------------------------------------------------------------------------------------------------


def logs_in(route: Route) -> bool | None:
    """Whether the client is to log in where it has a password; None: unknown."""
    return route.view.boolean("smtp_sasl_auth_enable")


def password_keys(server: Server) -> tuple[str, ...]:
    """The keys of smtp_sasl_password_maps that stand for *server*, in the order of look-up.

    The first is the name of the host, which for a domain may be any of its mail servers instead. Those of
    ``smtp_sender_dependent_authentication`` come before.
    """
    return tuple(dict.fromkeys((server.host, server.text.lower())))


def password(route: Route, server: Server) -> str:
    """Whether there is a password for *server*: FOUND, MISSING or UNKNOWN, whoever the sender is.

    For a domain that has other hosts as its mail servers, the keys with their names are not counted.
    """
    view = route.view
    tables = [(item, open_table(item.text, view)) for item in view.items("smtp_sasl_password_maps")]
    if not tables:
        return UNKNOWN if view.value("smtp_sasl_password_maps").text is None else MISSING
    state = MISSING
    for key in password_keys(server):
        for item, table in tables:
            found = table.find(key) if item.known else None
            if found is not None and found.state == FOUND:
                return FOUND
            if found is None or found.state != MISSING:
                state = UNKNOWN
    return state


def password_table_keys(view: View) -> list[str] | None:
    """All keys in smtp_sasl_password_maps, as written; None: there are some that cannot be known."""
    keys: list[str] = []
    for item in view.items("smtp_sasl_password_maps"):
        table = open_table(item.text, view)
        if not item.known or not table.is_known or not table.is_fixed:
            return None
        keys += [entry.key for entry in table.entries()]
    return keys


def sasl_options(level: str, encrypts: bool = False) -> tuple[str, ...]:
    """The parameters with the conditions for a login, each for some session that a TLS *level* allows.

    *encrypts*: the server lets nobody log in without TLS.
    """
    plain, encrypted, verified = (
        f"smtp_sasl_{session}security_options" for session in ("", "tls_", "tls_verified_")
    )
    if level in (NONE, ENCRYPT):
        return (plain,) if level == NONE and not encrypts else (encrypted,)
    if level in OPPORTUNISTIC:
        found = (encrypted,) if level == MAY else (encrypted, verified)
        return found if encrypts else (plain, *found)
    return (verified,)


def forbids_plain_passwords(view: View, options: str) -> bool | None:
    """Whether PLAIN and LOGIN are ruled out where the parameter *options* counts; None: unknown."""
    text = view.value(options).text
    return None if text is None else "noplaintext" in text.lower().replace(",", " ").split()


def mechanisms(view: View) -> frozenset[str] | None:
    """The SASL mechanisms that smtp_sasl_mechanism_filter leaves, in lower case; None: any, or unknown."""
    words = [item.text.lower() for item in view.items("smtp_sasl_mechanism_filter")]
    is_simple = words and all(word.replace("-", "").replace("_", "").isalnum() for word in words)
    return frozenset(words) if is_simple else None


# --- providers -------------------------------------------------------------------------------------------


class Provider(NamedTuple):
    """A well-known smart host (data/smart_hosts.tsv)."""

    host: str
    """``*`` stands for one label."""
    starttls: tuple[int, ...]
    """The ports where TLS begins with STARTTLS."""
    wrapped: tuple[int, ...]
    """The ports where TLS begins at once."""
    requires_tls: bool
    """Whether nobody can log in without TLS."""
    only_plain: bool
    """Whether a password goes by PLAIN and LOGIN only; False: not known."""
    source: str
    includes: tuple[str, ...]
    """What an SPF record includes its servers by, the name to propose first; empty: nothing, or not known."""
    replaces_envelope: bool
    """Whether receivers look up the SPF record of a domain of its own, unless it was told another."""


def provider(host: str) -> Provider | None:
    """The provider whose smart host is called *host*."""
    labels = host.lower().rstrip(".").split(".")
    for line in lines("smart_hosts"):
        name, starttls, wrapped, tls, logins, source, includes, envelope, _ = line.split("\t")
        pattern = name.split(".")
        if len(pattern) == len(labels) and all(
            left in ("*", right) for left, right in zip(pattern, labels, strict=True)
        ):
            return Provider(
                name,
                tuple(map(int, starttls.split())),
                tuple(map(int, wrapped.split())),
                tls == "required",
                logins == "plain",
                source,
                tuple(includes.split()),
                envelope == "replaced",
            )
    return None
