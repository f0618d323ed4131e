"""DNS lists of addresses (RFC 5782): whether one has an address, and whether its answer may be believed."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

import dns.reversename

from maillint.record import NamedTuple

from .reverse import addresses

if TYPE_CHECKING:
    from .answer import Answer, Lookup

REFUSED = "127.255.255."
"""How the answers begin by which Spamhaus says that it does not answer (docs.spamhaus.com, "error codes")."""
_NEVER_LISTED = "127.0.0.1"
"""An address that no working list has (RFC 5782 5)."""

PUBLIC_RESOLVERS = frozenset((
    "1.0.0.1", "1.1.1.1", "2606:4700:4700::1001", "2606:4700:4700::1111",
    "8.8.4.4", "8.8.8.8", "2001:4860:4860::8844", "2001:4860:4860::8888",
    "9.9.9.9", "149.112.112.112", "2620:fe::9", "2620:fe::fe",
    "208.67.220.220", "208.67.222.222", "94.140.14.14", "94.140.15.15",
))  # fmt: skip
"""Resolvers that everybody uses, so that lists refuse their questions, or answer them wrongly."""


class Listing(NamedTuple):
    """What one list says about one address."""

    answer: Answer
    codes: tuple[str, ...]
    """The addresses in the answer that mean "listed"."""
    refused: str
    """Why the answer says nothing; empty: it does."""


def look_up(dns: Lookup, address: str, zone: str) -> Listing:
    """Ask the list *zone* about *address*."""
    answer = dns.ask(f"{_reversed(address)}.{zone}", "A")
    codes = addresses(answer)
    if not answer.certain:
        return Listing(answer, (), answer.outcome)
    refusals = [code for code in codes if code.startswith(REFUSED) or not code.startswith("127.")]
    if refusals:
        return Listing(answer, (), f"the list refuses to answer this resolver ({refusals[0]})")
    if codes:
        control = dns.ask(f"{_reversed(_NEVER_LISTED)}.{zone}", "A")
        if not control.certain or control.records:
            return Listing(answer, (), "the list, or the resolver, says of every address that it is listed")
    return Listing(answer, codes, "")


def is_public_resolver(server: str) -> bool:
    """Whether *server*, ``ADDR`` or ``ADDR#PORT``, is one that everybody uses."""
    return server.partition("#")[0] in PUBLIC_RESOLVERS


def _reversed(address: str) -> str:
    name = dns.reversename.from_address(str(ip_address(address)))
    return name.to_text(omit_final_dot=True).removesuffix(".in-addr.arpa").removesuffix(".ip6.arpa")
