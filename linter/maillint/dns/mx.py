"""The mail servers of a domain (RFC 5321 5.1, RFC 7505)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dns.rdtypes.ANY.MX import MX

from maillint.record import NamedTuple

from .answer import ANSWER, Answer
from .reverse import addresses

if TYPE_CHECKING:
    from .answer import Lookup


class Server(NamedTuple):
    """One MX record."""

    preference: int
    host: str
    """In lower case, without the final dot; empty: the root, as in a null MX."""


class Exchange(NamedTuple):
    """What the DNS says about where mail for a domain goes."""

    domain: str
    answer: Answer
    servers: tuple[Server, ...]
    """The most preferred first."""

    @property
    def is_null(self) -> bool:
        """Whether the domain says that it takes no mail (RFC 7505 3)."""
        return len(self.servers) == 1 and not self.servers[0].host

    @property
    def hosts(self) -> tuple[str, ...]:
        """The names of the servers, each once."""
        return tuple(dict.fromkeys(server.host for server in self.servers if server.host))


def exchange(dns: Lookup, domain: str) -> Exchange:
    """Ask for the MX records of *domain*."""
    answer = dns.ask(domain, "MX")
    found = [
        Server(record.preference, record.exchange.to_text(omit_final_dot=True).lower().strip("."))
        for record in answer.records
        if isinstance(record, MX)
    ]
    return Exchange(domain, answer, tuple(sorted(found)))


def host_addresses(dns: Lookup, host: str) -> tuple[tuple[str, ...], tuple[Answer, ...]]:
    """The IPv4 and IPv6 addresses of *host*, and the answers that they come from."""
    answers = tuple(dns.ask(host, kind) for kind in ("A", "AAAA"))
    return tuple(address for answer in answers for address in addresses(answer)), answers


def unanswered(answers: tuple[Answer, ...]) -> Answer | None:
    """The first that says nothing certain, unless another one has records."""
    if any(answer.status == ANSWER for answer in answers):
        return None
    return next((answer for answer in answers if not answer.certain), None)
