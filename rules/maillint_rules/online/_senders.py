"""The domains that mail from this host carries, as the rules about domains share them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillint.engine.finding import NotChecked, Related
from maillint.engine.places import absent_location
from maillint.postfix.sender import HOSTED, NOWHERE, PROGRAMS, USERS, identities
from maillint.record import NamedTuple

from ._asking import ask_ahead, lookup, why_nobodys

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration
    from maillint.postfix.sender import Identity, Sender
    from maillint.syntax.source import Location

ENVELOPE = "envelope"
"""The domain in MAIL FROM."""
HEADER = "header"
"""The domain in ``From``."""

_MAIL = {
    PROGRAMS: "mail from programs leaves as user@{domain} ({steps})",
    USERS: "users who log in may send as user@{domain} ({steps})",
    HOSTED: "mail may leave as user@{domain} ({steps})",
}


class SenderDomain(NamedTuple):
    """One domain, and how the configuration leads to it."""

    domain: str
    sender: Sender
    identity: Identity
    """The first kind of mail that carries it."""
    location: Location
    related: tuple[Related, ...]

    @property
    def mail(self) -> str:
        """What the finding is about, as the beginning of a sentence."""
        steps = ", ".join(self.sender.steps)
        return _MAIL[self.identity.kind].format(domain=self.domain, steps=steps)


def sender_domains(config: Configuration, part: str = ENVELOPE) -> list[SenderDomain | NotChecked]:
    """The domains of mail that leaves for other hosts, each once; and why one cannot be asked about.

    *part*: ENVELOPE or HEADER.
    """
    key = f"{__name__}.{part}"
    if key not in config.memo:
        domains = _find(config, part)
        names = [sender.domain for sender in domains if isinstance(sender, SenderDomain)]
        ask_ahead(lookup(config), [(name, kind) for name in names for kind in ("MX", "TXT")])
        config.memo[key] = domains
    found: list[SenderDomain | NotChecked] = config.memo[key]
    return found


def _find(config: Configuration, part: str) -> list[SenderDomain | NotChecked]:
    dns = lookup(config)
    found: dict[str, SenderDomain | NotChecked] = {}
    for identity in identities(config):
        sender = identity.envelope if part == ENVELOPE else identity.header
        if identity.route.kind == NOWHERE or (sender.domain is None and identity.kind != PROGRAMS):
            continue
        location, related = places(config, sender)
        if sender.domain is None:
            reason = f"the sender domain of mail from programs is not known: {sender.unknown}"
            found[""] = NotChecked("", reason, location=location)
            continue
        domain = SenderDomain(sender.domain, sender, identity, location, related)
        if reason := why_nobodys(dns, sender.domain) or "":
            note = NotChecked("", f"{domain.mail}, a domain of nobody: {reason}", location=location)
            found.setdefault(sender.domain, note)
        else:
            found.setdefault(sender.domain, domain)
    return list(found.values())


def places(config: Configuration, sender: Sender) -> tuple[Location, tuple[Related, ...]]:
    """Where the setting stands that decides about *sender*, and those that it refers to."""
    if not sender.settings:
        return absent_location(config), ()
    first, *others = sender.settings
    return first.value.location(), tuple(
        Related(setting.value.location(), f"`{setting.name}` is set here") for setting in others
    )
