"""What the rules about DANE share: the mail servers of this host, and the TLSA records for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from maillint.dns.mx import Server, exchange
from maillint.dns.tlsa import Tlsa, records, tlsa_name, validates
from maillint.engine.finding import NotChecked

from ._asking import ask_ahead, lookup, not_answered
from ._exchanges import ask_exchanges, hosted_domains, place, this_host

if TYPE_CHECKING:
    from maillint.dns.answer import Answer
    from maillint.postfix.configuration import Configuration
    from maillint.postfix.domains import Listed
    from maillint.syntax.source import Location


class Secured(NamedTuple):
    """A mail server of a hosted domain that is this host and has TLSA records."""

    host: str
    listed: Listed
    """The first domain that leads to it."""
    mx: Answer
    answer: Answer
    records: tuple[Tlsa, ...]
    verified: bool | None
    """Whether the resolver has verified the signatures of both answers; None: it verifies none at all."""
    location: Location


def secured_servers(config: Configuration) -> list[Secured | NotChecked]:
    """The mail servers of this host with TLSA records, and what could not be asked."""
    if __name__ not in config.memo:
        config.memo[__name__] = list(_find(config))
    found: list[Secured | NotChecked] = config.memo[__name__]
    return found


def _find(config: Configuration) -> Iterator[Secured | NotChecked]:
    dns, here = lookup(config), this_host(config)
    hosted = list(hosted_domains(config))
    ask_exchanges(config, (listed.domain for listed in hosted))
    own: dict[str, tuple[Listed, Answer]] = {}
    for listed in hosted:
        found = exchange(dns, listed.domain)
        if not found.answer.certain:
            yield not_answered(found.answer, place(config, listed))
        for host in found.hosts:
            if here.is_among(config, found._replace(servers=_only(found.servers, host))):
                own.setdefault(host, (listed, found.answer))
    ask_ahead(dns, ((tlsa_name(host), "TLSA") for host in own))
    for host, (listed, mx) in own.items():
        answer, location = dns.ask(tlsa_name(host), "TLSA"), place(config, listed)
        if not answer.certain:
            yield not_answered(answer, location)
        elif known := records(answer):
            verified = answer.secure and mx.secure
            verifies = not dns.is_public(host) or validates(dns)
            yield Secured(host, listed, mx, answer, known, verified if verifies else None, location)


def _only(servers: tuple[Server, ...], host: str) -> tuple[Server, ...]:
    return tuple(server for server in servers if server.host == host)
