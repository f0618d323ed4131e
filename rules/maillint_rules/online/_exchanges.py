"""What the rules about MX records share: which mail servers are this host, and which domains it serves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from maillint.addresses import is_public
from maillint.dns.answer import CERTAIN
from maillint.dns.mx import Exchange, exchange, host_addresses
from maillint.engine.places import absent_location
from maillint.postfix.domains import LISTS, domain_lists
from maillint.postfix.host_port import address_family
from maillint.postfix.matching import DOMAIN, NO, STRING, YES, matches
from maillint.postfix.services import rewriting_view
from maillint.postfix.typed import is_hostname

from ._asking import ask_ahead, lookup, why_nobodys

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.postfix.domains import Listed
    from maillint.syntax.source import Location

HOSTING = ("mydestination", "virtual_mailbox_domains", "virtual_alias_domains")
"""The lists of domains whose mail goes no further."""


class ThisHost(NamedTuple):
    """How the DNS knows this host."""

    names: frozenset[str]
    addresses: frozenset[str]
    """Public ones; empty: none is known."""

    def is_among(self, config: Configuration, exchange: Exchange) -> bool | None:
        """Whether mail for the domain of *exchange* comes here; None: that cannot be told."""
        if not self.names.isdisjoint(exchange.hosts):
            return True
        unsure = not self.addresses
        for host in exchange.hosts:
            found, answers = host_addresses(lookup(config), host)
            if not self.addresses.isdisjoint(found):
                return True
            unsure |= any(answer.status not in CERTAIN for answer in answers)
        return None if unsure else False


def this_host(config: Configuration) -> ThisHost:
    """The names and public addresses of this host, as far as the configuration and the DNS tell."""
    if __name__ in config.memo:
        known: ThisHost = config.memo[__name__]
        return known
    dns = lookup(config)
    texts = (view.value("myhostname").text for view in config.views)
    names = frozenset(text.lower() for text in texts if text and "." in text)
    addresses = set(config.public_addresses)
    for parameter in ("inet_interfaces", "proxy_interfaces", "smtp_bind_address", "smtp_bind_address6"):
        addresses.update(item.text.strip("[]") for item in config.main_view.items(parameter))
    for name in names:
        if why_nobodys(dns, name) is None:
            addresses.update(host_addresses(dns, name)[0])
    host = ThisHost(names, frozenset(filter(is_public, addresses)))
    config.memo[__name__] = host
    return host


def ask_exchanges(config: Configuration, domains: Iterable[str]) -> None:
    """Ask for the mail servers of all *domains* at the same time, then for the addresses of those."""
    dns, domains = lookup(config), list(domains)
    ask_ahead(dns, ((domain, "MX") for domain in domains))
    hosts = dict.fromkeys(host for domain in domains for host in exchange(dns, domain).hosts)
    names = [host for host in hosts if address_family(host) is None]
    ask_ahead(dns, ((name, kind) for name in names for kind in ("A", "AAAA")))


def hosted_domains(config: Configuration) -> Iterator[Listed]:
    """The domains whose mail ends on this host, its own names apart."""
    dns, names = lookup(config), this_host(config).names
    for parameter in HOSTING:
        for listed in domain_lists(config)[parameter].domains:
            domain = listed.domain
            if (
                is_hostname(domain)
                and "." in domain
                and domain not in names
                and not domain.startswith("localhost.")
                and why_nobodys(dns, domain) is None
            ):
                yield listed


def place(config: Configuration, listed: Listed) -> Location:
    """Where *listed* is named; for one in a table, where the table is."""
    if listed.item.location is not None:
        return listed.item.location
    setting = config.main_view.setting(listed.parameter)
    return setting.value.location() if setting is not None else absent_location(config)


def is_accepted(config: Configuration, domain: str) -> bool:
    """Whether mail to *domain* is accepted from strangers, or may be, as far as that can be told."""
    view = rewriting_view(config.main_view)
    return any(
        matches(
            view, parameter, DOMAIN if parameter == "relay_domains" else STRING, domain, otherwise=YES
        ).answer
        != NO
        for parameter in LISTS
    )
