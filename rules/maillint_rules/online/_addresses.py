"""The addresses that receivers see mail come from: those that are told, else guessed by the host's name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillint.addresses import is_public
from maillint.engine.finding import NotChecked
from maillint.postfix.route import NAMED, Source, families

from ._asking import lookup

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.postfix.sender import Identity

TELL = "tell it with --public-ip ADDRESS"


def sending_addresses(
    config: Configuration, identity: Identity
) -> tuple[tuple[Source, ...], list[NotChecked]]:
    """The public addresses of *identity*, guesses included, and what to say of those that are not known."""
    notes = []
    found = [source for source in identity.sources if not source.is_private]
    for source in identity.sources:
        if source.is_private:
            place = source.setting.value.location() if source.setting is not None else None
            reason = (
                f"mail leaves from {source.address} ({source.because}), a private address that a router"
                f" replaces by another one (NAT); {TELL}"
            )
            notes.append(NotChecked("", reason, location=place))
    if not config.public_addresses:
        known = {source.family for source in identity.sources}
        found += [source for source in _named(config, identity) if source.family not in known]
    if not found and not notes:
        reason = f"the public address that this host sends from is not known; {TELL}"
        notes.append(NotChecked("", reason))
    return tuple(found), notes


def _named(config: Configuration, identity: Identity) -> list[Source]:
    """The public addresses that the DNS has for the name in the greeting."""
    dns = lookup(config)
    name = identity.greeting.name
    if name is None or "." not in name or name.startswith("["):
        return []
    found = []
    for family in families(identity.client):
        answer = dns.ask(name, "A" if family == 4 else "AAAA")
        found += [Source(record.address, NAMED) for record in answer.records if is_public(record.address)]  # type: ignore[attr-defined]
    return found
