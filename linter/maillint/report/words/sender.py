"""Who mail says it is from, and how it leaves, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from maillint.postfix.route import DIRECT, NOWHERE, RELAY
from maillint.postfix.sender import HOSTED, PROGRAMS, USERS
from maillint.record import NamedTuple

if TYPE_CHECKING:
    from maillint.postfix.sender import Identity, Route, Sender, Signer
    from maillint.syntax.tree import Setting

    from . import Line

NOBODY = "No mail leaves this host: no service takes any."

_TITLES = {
    PROGRAMS: "Mail from programs on this host (sendmail, PHP, cron)",
    USERS: "Mail of users who log in",
    HOSTED: "Mail from domains that the configuration names",
}
_WRITES = {
    PROGRAMS: "unless the program names another",
    USERS: "as the mail program of the user writes it",
    HOSTED: "as the mail program of the user writes it",
}


class Fact(NamedTuple):
    """One thing that is told of some mail."""

    name: str
    lines: tuple[Line, ...]
    because: tuple[Line, ...] = ()
    """What it follows from."""


def grouped(found: Iterable[Identity]) -> list[list[Identity]]:
    """Those that differ in nothing but their domain, together."""
    groups: dict[object, list[Identity]] = {}
    for identity in found:
        parameter = identity.envelope.parameter
        key = identity.kind, identity.services, parameter, identity.route, identity.sources, identity.signers
        groups.setdefault(key, []).append(identity)
    return list(groups.values())


def title(identity: Identity) -> str:
    """Which mail it is."""
    return _TITLES[identity.kind] + (
        f", taken by {', '.join(identity.services)}" if identity.services else ""
    )


def facts(group: Sequence[Identity]) -> Iterator[Fact]:
    """What the files tell of one of the groups."""
    first = group[0]
    envelope = tuple((_sender(identity.envelope),) for identity in group)
    yield Fact("envelope", envelope, tuple(_because(first.envelope.settings, first.envelope.steps)))
    yield Fact("From", ((_header(group),),))
    yield Fact("next hop", (_route(first.route),))
    if first.route.kind != NOWHERE:
        yield Fact("greets as", (_greeting(first),))
        yield Fact("leaves from", tuple(_sources(first)))
        yield Fact("signed by", tuple(_signers(first.signers)))


def _header(group: Sequence[Identity]) -> str:
    first = group[0]
    if len(group) > 1:
        return f"the same, {_WRITES[first.kind]}"
    if first.header.domain is None and first.kind != PROGRAMS:
        return _WRITES[first.kind]
    return f"{_sender(first.header)}, {_WRITES[first.kind]}"


def _sender(sender: Sender) -> str:
    return f"user@{sender.domain}" if sender.domain is not None else f"not known: {sender.unknown}"


def _because(settings: Sequence[Setting], steps: Sequence[str]) -> Iterator[Line]:
    """The settings that decide, with their places; and what is not set."""
    told = {f"`{setting.name} = {setting.value.text}`" for setting in settings}
    yield from (("because ", step) for step in map(_bare, steps) if f"`{step}`" not in told)
    yield from (("because ", setting) for setting in settings)


def _bare(step: str) -> str:
    return step[1:-1] if step.startswith("`") and step.count("`") == 2 and step.endswith("`") else step


def _route(route: Route) -> Line:
    if route.kind == DIRECT:
        return (f"the mail servers of the recipients (service {route.transport})",)
    by = _by(route.setting)
    if route.kind == RELAY:
        relay = f"the relay {route.nexthop} (service {route.transport})"
        return (relay, *by, "; receivers see its address")
    if route.kind == NOWHERE:
        return ("none: mail for other hosts does not leave", *by)
    return (f"not known: {route.reason}", *by)


def _by(setting: Setting | None) -> Line:
    return ("; ", setting) if setting is not None else ()


def _greeting(identity: Identity) -> Line:
    greeting = identity.greeting
    if greeting.name is None:
        return (f"not known: {greeting.unknown}",)
    by: Line = greeting.settings or tuple(map(_bare, greeting.steps))
    joined = [part for step in by for part in (", ", step)][1:]
    return (f"{greeting.name}; ", *joined)


def _sources(identity: Identity) -> Iterator[Line]:
    for source in identity.sources:
        private = "; private, so a router replaces it (NAT)" if source.is_private else ""
        yield (f"{source.address} ({source.because}{private})", *_by(source.setting))
    if all(source.is_private for source in identity.sources):
        yield ("not known: tell the public address with --public-ip ADDRESS",)


def _signers(signers: Sequence[Signer]) -> Iterator[Line]:
    if not signers:
        yield ("nobody: it passes no milter and no content filter",)
    for signer in signers:
        text = f"perhaps {signer.parameter} = {signer.value}"
        yield (text,) if signer.setting is None else (f"{text} (", signer.setting.value.location(), ")")
