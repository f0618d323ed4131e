"""What the DMARC rules share: the walk up the DNS tree for each domain in ``From``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.dns.answer import NXDOMAIN
from maillint.dns.dmarc import PREFIX, Discovery, discover, walk_names
from maillint.engine.finding import NotChecked
from maillint.record import NamedTuple

from ._asking import ask_ahead, lookup, not_answered
from ._senders import HEADER, SenderDomain, sender_domains

if TYPE_CHECKING:
    from maillint.dns.dmarc import Place, Record
    from maillint.postfix.configuration import Configuration

PARAMETERS = ("myorigin",)


class Published(NamedTuple):
    """What is published for one domain in ``From``."""

    sender: SenderDomain
    discovery: Discovery


class Judged(NamedTuple):
    """One record, and the domain that leads to it."""

    sender: SenderDomain
    place: Place
    record: Record

    @property
    def where(self) -> str:
        """The name of the record, for a message."""
        return f"the DMARC record at `{PREFIX}.{self.place.domain}`"


def published(config: Configuration) -> list[Published | NotChecked]:
    """The outcome of the walk for each domain, and what could not be asked.

    A domain that does not exist at all is left to the rule spf-missing.
    """
    if __name__ not in config.memo:
        config.memo[__name__] = list(_find(config))
    found: list[Published | NotChecked] = config.memo[__name__]
    return found


def _find(config: Configuration) -> Iterator[Published | NotChecked]:
    dns = lookup(config)
    senders = sender_domains(config, HEADER)
    domains = [sender.domain for sender in senders if isinstance(sender, SenderDomain)]
    names = dict.fromkeys(name for domain in domains for name in walk_names(domain))
    ask_ahead(dns, [(f"{PREFIX}.{name}", "TXT") for name in names])
    for sender in senders:
        if isinstance(sender, NotChecked):
            yield sender
            continue
        discovery = discover(dns, sender.domain)
        if discovery.unanswered is not None:
            yield not_answered(discovery.unanswered, sender.location)
        elif discovery.policy is not None or dns.ask(sender.domain, "TXT").status != NXDOMAIN:
            yield Published(sender, discovery)


def governing_records(config: Configuration) -> Iterator[Judged | NotChecked]:
    """The record that counts for each domain, each record once, and what could not be asked."""
    seen: set[str] = set()
    for found in published(config):
        if isinstance(found, NotChecked):
            yield found
            continue
        place = found.discovery.governing
        record = place.record if place is not None else None
        if place is not None and record is not None and place.domain not in seen:
            seen.add(place.domain)
            yield Judged(found.sender, place, record)
