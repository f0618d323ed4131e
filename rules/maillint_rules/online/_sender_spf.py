"""The question that the SPF rules share: the SPF record of the domain that mail from programs carries."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

from maillint.dns.answer import NXDOMAIN
from maillint.dns.spf import Selection, select
from maillint.engine.finding import NotChecked, Related
from maillint.engine.places import absent_location
from maillint.postfix.sender import NOWHERE, Route, Sender, default_route, program_sender
from maillint.postfix.typed import is_hostname
from maillint.reserved import reserved

if TYPE_CHECKING:
    from maillint.dns.answer import Answer, Lookup
    from maillint.postfix.configuration import Configuration
    from maillint.syntax.source import Location


class SenderSpf(NamedTuple):
    """What the DNS holds for the sender domain, and how the configuration leads to it."""

    domain: str
    sender: Sender
    route: Route
    answer: Answer
    selection: Selection
    location: Location
    """The setting that decides the domain."""
    related: tuple[Related, ...]
    """The settings that it refers to."""
    under_nothing: bool
    """Whether not even its top-level domain exists, so that nobody can publish anything there."""

    @property
    def mail(self) -> str:
        """What the finding is about, as the beginning of a sentence."""
        return f"mail from programs leaves as user@{self.domain} ({', '.join(self.sender.steps)})"

    @property
    def asked(self) -> str:
        """The question and the answer."""
        return f"`{self.answer.question}`, asked of {self.answer.server}: {self.answer.outcome}"


def sender_spf(config: Configuration) -> SenderSpf | NotChecked | None:
    """Ask for the SPF record of mail from programs; None when no such mail goes to other hosts."""
    dns = cast("Lookup", config.dns)
    sender = program_sender(config)
    route = default_route(config)
    if sender is None or route.kind == NOWHERE:
        return None
    location, related = _places(config, sender)
    if sender.domain is None:
        return NotChecked(
            "",
            f"the sender domain of mail from programs is not known: {sender.unknown}{_remedy(config)}",
            location=location,
        )
    if dns.public and (reason := _nobodys(sender.domain)):
        return NotChecked(
            "",
            f"mail from programs leaves as user@{sender.domain}, a domain of nobody: {reason}",
            location=location,
        )
    answer = dns.ask(sender.domain, "TXT")
    if not answer.certain:
        by = f"{answer.server} gave no answer: " if answer.server else ""
        return NotChecked("", by + answer.outcome, str(answer.question), location)
    return SenderSpf(
        sender.domain,
        sender,
        route,
        answer,
        select(answer.texts),
        location,
        related,
        under_nothing=dns.public and answer.status == NXDOMAIN and not _has_top_level(dns, sender.domain),
    )


def record_lines(domain: str, record: str) -> str:
    """A TXT record ready to paste: as a line of a zone file, and in parts for a web form."""
    return (
        f'{domain}. 3600 IN TXT "{record}"\n'
        f"(in a web form: name {domain}, or @ where names are relative to it; type TXT; value {record})"
    )


def _places(config: Configuration, sender: Sender) -> tuple[Location, tuple[Related, ...]]:
    if not sender.settings:
        return absent_location(config), ()
    first, *others = sender.settings
    return first.value.location(), tuple(
        Related(setting.value.location(), f"`{setting.name}` is set here") for setting in others
    )


def _nobodys(domain: str) -> str | None:
    return reserved(domain) if is_hostname(domain) else f"`{domain}` is not the name of a domain"


def _has_top_level(dns: Lookup, domain: str) -> bool:
    return dns.ask(domain.rpartition(".")[2], "NS").status != NXDOMAIN


def _remedy(config: Configuration) -> str:
    if config.hostname is None and not config.main_view.is_set("myhostname"):
        return "; tell it with --hostname, or set `myorigin`"
    return ""
