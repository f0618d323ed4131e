"""The addresses and names that receivers see of this host, as the rules about addresses share them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.engine.finding import HIGH, MEDIUM, NotChecked, Related
from maillint.engine.places import absent_location
from maillint.postfix.sender import DIRECT, UNKNOWN, identities
from maillint.record import NamedTuple

from ._addresses import sending_addresses

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.postfix.sender import Greeting, Identity, Source
    from maillint.syntax.source import Location


class Seen(NamedTuple):
    """One address that mail leaves from straight to the receivers' servers."""

    source: Source
    identity: Identity
    location: Location
    related: tuple[Related, ...]

    @property
    def confidence(self) -> str:
        """MEDIUM where the address is a guess, or mail may go another way."""
        return HIGH if self.source.is_sure and self.identity.route.kind == DIRECT else MEDIUM

    @property
    def mail(self) -> str:
        """What the finding is about, as the beginning of a sentence."""
        return f"mail leaves from {self.source.address} ({self.source.because})"


def seen_addresses(config: Configuration) -> list[Seen | NotChecked]:
    """The public addresses that receivers see, each once, and what to say of those that are not known.

    Mail through a relay has none: receivers see the relay's address.
    """
    if __name__ not in config.memo:
        found: dict[object, Seen | NotChecked] = {}
        for identity in direct_identities(config):
            location, related = greeting_place(config, identity.greeting)
            sources, notes = sending_addresses(config, identity)
            for note in notes:
                found.setdefault(note, note._replace(location=note.location or location))
            for source in sources:
                place = source.setting.value.location() if source.setting is not None else location
                found.setdefault(source.address, Seen(source, identity, place, related))
        config.memo[__name__] = list(found.values())
    known: list[Seen | NotChecked] = config.memo[__name__]
    return known


def direct_identities(config: Configuration) -> Iterator[Identity]:
    """Those whose mail this host delivers itself, or may."""
    for identity in identities(config):
        if identity.route.kind in (DIRECT, UNKNOWN):
            yield identity


def greeting_place(config: Configuration, greeting: Greeting) -> tuple[Location, tuple[Related, ...]]:
    """Where the name in the greeting is decided, and the settings that it refers to."""
    if not greeting.settings:
        return absent_location(config), ()
    first, *others = greeting.settings
    return first.value.location(), tuple(
        Related(setting.value.location(), f"`{setting.name}` is set here") for setting in others
    )
