"""What is odd in the tables that send mail other ways than its address class would."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.postfix.address_class import FOREIGN, LOCAL, MAILBOX, Domains
from maillint.postfix.domains import LISTS, domain_lists
from maillint.postfix.smarthost import SMTP, routes
from maillint.postfix.table_lookup import open_table
from maillint.postfix.typed import is_hostname
from maillint.public_suffix import is_public_suffix
from maillint.record import NamedTuple

from .._told import told

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, Item
    from maillint.postfix.domains import Listed
    from maillint.postfix.smarthost import Route, Server
    from maillint.postfix.table_lookup import Found

STAR = "star"
"""``*`` takes the mail of a domain that is delivered here."""
ROUND = "round"
"""The next hop for a domain is found by the mail servers of the same domain."""
BARE_SENDER = "bare-sender"
"""A domain without ``@`` where senders are looked up."""

BY_SENDER = ("sender_dependent_default_transport_maps", "sender_dependent_relayhost_maps")


class Entry(NamedTuple):
    """An entry of a table, and where the table is named."""

    parameter: str
    item: Item
    found: Found

    @property
    def where(self) -> str:
        """Its line, for a message; empty: the table is written out."""
        name = self.found.path.rpartition("/")[2]
        return f" (`{name}` line {self.found.line})" if name else ""


def noted(config: Configuration) -> frozenset[str]:
    """The words of this module that fit."""
    words = set()
    if next(swallowed_domains(config), None) is not None:
        words.add(STAR)
    if next(round_trips(config), None) is not None:
        words.add(ROUND)
    if next(bare_senders(config), None) is not None:
        words.add(BARE_SENDER)
    return frozenset(words)


def swallowed_domains(config: Configuration) -> Iterator[tuple[Entry, Listed]]:
    """The domains that are delivered here but for ``*`` in transport_maps, with the entry."""
    main = config.main_view
    if not main.value("transport_maps").text or told(main.value("transport_maps")):
        return
    domains = Domains(main)
    entries = {found.found: found for found in _entries(config, "transport_maps") if found.found.key == "*"}
    for name in (LISTS[0], LISTS[2]) if entries else ():
        for listed in domain_lists(config)[name].domains:
            kind = domains.of(listed.domain)
            entry = entries.get(domains.transport_entry(f"nobody-is-called-so@{listed.domain}"))
            if entry is None or kind.kind not in (LOCAL, MAILBOX) or listed.domain.startswith("localhost"):
                continue
            transport = entry.found.value.partition(":")[0]
            if transport and transport != domains.own_transport(kind):
                yield entry, listed


def round_trips(config: Configuration) -> Iterator[tuple[Route, Server, str]]:
    """The next hops in transport_maps that are the domain itself, where that is one of this host."""
    domains = Domains(config.main_view)
    for route in routes(config).routes:
        if route.parameter != "transport_maps" or route.entry is None or told(route.value):
            continue
        domain = route.entry.key.lower()
        for server in route.servers:
            is_same = server.is_domain and server.host == domain and server.port == SMTP
            if is_same and domains.of(domain).kind != FOREIGN:
                yield route, server, domains.of(domain).parameter


def bare_senders(config: Configuration) -> Iterator[Entry]:
    """The keys that are domains without ``@`` in tables that are asked for addresses and ``@domain``."""
    for parameter in BY_SENDER:
        if told(config.main_view.value(parameter)):
            continue
        for entry in _entries(config, parameter):
            key = entry.found.key.lower()
            if "@" not in key and "." in key and is_hostname(key) and _may_be_domain(key):
                yield entry


def _may_be_domain(key: str) -> bool:
    """Whether the name ends with a top-level domain, and so is no user's, such as ``anna.smith``."""
    return is_public_suffix(key.rpartition(".")[2])


def _entries(config: Configuration, parameter: str) -> Iterator[Entry]:
    view = config.main_view
    for item in view.items(parameter):
        table = open_table(item.text, view) if item.location is not None else None
        if table is not None and table.is_fixed:
            for found in table.entries():
                yield Entry(parameter, item, found)
