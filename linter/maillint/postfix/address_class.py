"""The address classes of Postfix: what a domain is to this host (trivial-rewrite/resolve.c).

Which lists count is up to the trivial-rewrite(8) service, whatever ``-o`` the asking program has. Nothing is
judged here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.addresses import is_loopback
from maillint.record import NamedTuple

from .domains import read_list
from .matching import DOMAIN, ERROR, NO, STRING, YES, matches, parent_style, parents
from .services import rewriting_view
from .table_lookup import FOUND, MISSING, UNKNOWN, Found, open_table

if TYPE_CHECKING:
    from .configuration import View

LOCAL = "local"
"""A domain in ``mydestination``, or an address of the host."""
VIRTUAL = "virtual"
"""A domain in ``virtual_alias_domains`` or ``virtual_mailbox_domains``."""
RELAY = "relay"
"""A domain in ``relay_domains``."""
FOREIGN = "foreign"
"""Any other domain."""
ALIAS = "alias"
"""A domain in ``virtual_alias_domains``; for others it is :data:`VIRTUAL`."""
MAILBOX = "mailbox"
"""A domain in ``virtual_mailbox_domains``; for others it is :data:`VIRTUAL`."""
BROKEN = "broken"
"""A list cannot be used: whoever asks gets a temporary error."""

_LISTS = (
    ("mydestination", STRING, LOCAL),
    ("virtual_alias_domains", STRING, ALIAS),
    ("virtual_mailbox_domains", STRING, MAILBOX),
    ("relay_domains", DOMAIN, RELAY),
)
_TRANSPORTS = {
    LOCAL: "local_transport",
    MAILBOX: "virtual_transport",
    RELAY: "relay_transport",
    FOREIGN: "default_transport",
}


class Class(NamedTuple):
    """What a domain is."""

    kind: str
    """LOCAL, ALIAS, MAILBOX, RELAY, FOREIGN or BROKEN."""
    parameter: str = ""
    """The list that has it, or is broken."""

    @property
    def recipient(self) -> str:
        """LOCAL, VIRTUAL, RELAY, FOREIGN or BROKEN."""
        return VIRTUAL if self.kind in (ALIAS, MAILBOX) else self.kind

    @property
    def is_final(self) -> bool:
        return self.kind in (LOCAL, ALIAS, MAILBOX)


class Domains:
    """The domain lists of one configuration."""

    __slots__ = ("_known", "view")

    def __init__(self, view: View) -> None:
        """*view*: of the program that asks."""
        self.view = rewriting_view(view)
        self._known: dict[str, Class] = {}

    def of(self, domain: str) -> Class:
        """The class of *domain*; lists that cannot be read are taken not to have it."""
        domain = self.qualified(domain.lower())
        found = self._known.get(domain)
        if found is None:
            found = self._known[domain] = self._find(domain)
        return found

    def qualified(self, address: str) -> str:
        """An address, or a domain, as it is looked up: ``append_dot_mydomain`` makes its domain complete."""
        domain = address.rpartition("@")[2]
        if domain.endswith(".") and not domain.endswith(".."):
            address, domain = address[:-1], domain[:-1]
        if not domain or "." in domain or domain.startswith("["):
            return address
        mydomain = self.view.value("mydomain").text
        appends = self.view.boolean("append_dot_mydomain") and mydomain
        return f"{address}.{mydomain}" if appends else address

    def _find(self, domain: str) -> Class:
        if domain.startswith("["):
            return self._literal(domain)
        for parameter, kind, name in _LISTS:
            match = matches(self.view, parameter, kind, domain, otherwise=NO)
            if match.answer == YES:
                return Class(name, parameter)
            if match.answer == ERROR:
                return Class(BROKEN, parameter)
        return Class(FOREIGN)

    def _literal(self, domain: str) -> Class:
        """A domain such as ``[192.0.2.1]`` is local when it is an address of the host (resolve_local.c)."""
        address = domain.strip("[]").removeprefix("ipv6:")
        for parameter in ("inet_interfaces", "proxy_interfaces"):
            items = {item.text.strip("[]").lower() for item in self.view.items(parameter)}
            if address in items or (is_loopback(address) and items & {"all", "loopback-only", "localhost"}):
                return Class(LOCAL, parameter)
        return Class(FOREIGN)

    def example(self, kind: str) -> str | None:
        """A domain of LOCAL, VIRTUAL or RELAY; empty: there is one, but not which; None: there is none."""
        names = [name for _, _, name in _LISTS if Class(name).recipient == kind]
        named = [parameter for parameter, _, name in _LISTS if name in names]
        candidates = [domain for parameter in named for domain in listed_domains(self.view, parameter)]
        own = [domain for domain in candidates if domain and self.of(domain).recipient == kind]
        for domain in own:
            if not domain.startswith("localhost"):
                return domain
        if own:
            return own[0]
        return "" if "" in candidates else None

    def transport(self, address: str, kind: Class) -> tuple[str, str]:
        """The transport for mail to *address*, and the parameter that says so; empty: it is not known."""
        parameter = _TRANSPORTS.get(kind.kind, "")
        if not parameter:
            return "error", "virtual_alias_domains"
        name = self.own_transport(kind)
        found = self.transport_entry(address)
        if found.state == FOUND:
            own, colon, _ = found.value.partition(":")
            return (own if own or not colon else name), "transport_maps"
        return ("", "transport_maps") if found.state == UNKNOWN else (name, parameter)

    def own_transport(self, kind: Class) -> str:
        """The transport that the address class has where no table says otherwise."""
        parameter = _TRANSPORTS.get(kind.kind, "")
        return (self.view.value(parameter).text or "").partition(":")[0] if parameter else "error"

    def transport_entry(self, address: str) -> Found:
        """What transport_maps has for mail to *address* (trivial-rewrite/transport.c)."""
        address = self.qualified(address)
        user, _, domain = address.rpartition("@")
        users = dict.fromkeys((user, without_extension(self.view, user)))
        style = parent_style(self.view, "transport_maps")
        keys = [*(f"{name}@{domain}" for name in users), domain, *parents(domain, style), "*"]
        tables = [open_table(item.text, self.view) for item in self.view.items("transport_maps")]
        for key in keys:
            for table in tables:
                found = table.find(key) if table.is_fixed or key in (address, "*") else Found(MISSING)
                if found.state != MISSING:
                    return found
        return Found(MISSING)


def answers(view: View, parameter: str, address: str, domains: Domains) -> Iterator[Found]:
    """What the tables of *parameter* say of an address, the first first (global/mail_addr_find.c).

    *view*: of the program that asks. Whoever asks takes the first that is found.
    """
    address = domains.qualified(address)
    user, _, domain = address.rpartition("@")
    bare = without_extension(view, user)
    users = dict.fromkeys((user, bare))
    keys = [f"{name}@{domain}" for name in users]
    if domains.of(domain).kind == LOCAL or domain.lower() == (view.value("myorigin").text or "").lower():
        keys += users
    tables = [open_table(item.text, view) for item in view.items(parameter)]
    for key in (*keys, f"@{domain}"):
        for table in tables:
            if table.is_fixed or key == address:
                yield table.find(key)


def address_entry(view: View, parameter: str, address: str, domains: Domains) -> Found:
    """The answer of the tables of *parameter* for an address."""
    return next(
        (found for found in answers(view, parameter, address, domains) if found.state != MISSING),
        Found(MISSING),
    )


def without_extension(view: View, user: str) -> str:
    """The local part of an address without what stands behind a ``recipient_delimiter``."""
    for delimiter in view.value("recipient_delimiter").text or "":
        user = user.split(delimiter)[0] or user
    return user


def listed_domains(view: View, parameter: str) -> Iterator[str]:
    """The domains in a list; an empty one if there may be more."""
    found = read_list(view, parameter)
    for listed in found.domains:
        yield listed.domain.removeprefix(".")
    # By default, tables of aliases are looked into for domains, too: few have any.
    if not found.is_known and (parameter != "virtual_alias_domains" or view.is_set(parameter)):
        yield ""
