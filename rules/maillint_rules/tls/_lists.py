"""Lists of TLS protocols and of excluded ciphers: what is wrong in them, and whether they are used."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.postfix.tls import (
    FIRST_WITH_PROTOCOL_BOUNDS,
    MAY,
    NONE,
    USABLE_PROTOCOLS,
    ProtocolProblem,
    Protocols,
    client_level,
    has_policies,
    protocol_names,
    protocol_problems,
    protocols,
    server_level,
)

from .._told import is_placeholder
from .._uses import clients_of, users
from .._values import judged_values

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, View
    from maillint.postfix.version import Version

    from .._values import Judged

PARAMETERS = tuple(
    f"{program}_tls_{list}"
    for program in ("smtpd", "smtp", "lmtp", "postscreen", "tlsproxy")
    for list in ("protocols", "mandatory_protocols")
)

_CLIENTS = ("smtp_", "lmtp_")
MODERN = ("TLSv1.2", "TLSv1.3")
"""What mail servers and mail programs of today ask for."""

TOO_OLD = "too-old"
"""Some list has no modern protocol."""
WEAK = "weak"
"""Some list has a protocol that is older than those."""
MIXED = "mixed"
"""Some list names both what to use and what to leave out."""


def bad_protocols(config: Configuration, kind: str) -> Iterator[tuple[Judged, ProtocolProblem]]:
    """The words of *kind* in every list, placeholders apart."""
    for judged in judged_values(config):
        if judged.parameter.kind == "tls-protocols" and judged.value.text:
            for problem in protocol_problems(judged.text, config.version):
                if problem.kind == kind and not is_placeholder(problem.name):
                    yield judged, problem


def read_protocols(config: Configuration) -> Iterator[tuple[Judged, Protocols]]:
    """Every list of protocols that Postfix takes, with its meaning."""
    for judged in judged_values(config):
        name, text = judged.parameter.name, judged.value.text
        if name not in PARAMETERS or text is None:
            continue
        meaning = protocols(text, config.version, client=name.startswith(_CLIENTS))
        if meaning is not None:
            yield judged, meaning


def are_too_old(meaning: Protocols) -> bool:
    """Whether no modern protocol is left."""
    return set(meaning.used).isdisjoint(MODERN)


def are_mixed(meaning: Protocols) -> bool:
    """Whether the list names both what to use and what to leave out."""
    return bool(meaning.included and meaning.excluded)


def at_least(name: str, version: Version) -> str:
    """The list that has *name*, one of :data:`USABLE_PROTOCOLS`, and all newer protocols."""
    if version.has(FIRST_WITH_PROTOCOL_BOUNDS):
        return f">={name}"
    known = protocol_names(version)
    older = ("SSLv2", *USABLE_PROTOCOLS[: USABLE_PROTOCOLS.index(name)])
    return ", ".join(f"!{protocol}" for protocol in older if protocol in known)


def noted(config: Configuration) -> frozenset[str]:
    """What there is to say about lists of protocols: the words of this module."""
    words = set()
    for _, meaning in read_protocols(config):
        if are_too_old(meaning):
            words.add(TOO_OLD)
        elif meaning.used[0] not in MODERN:
            words.add(WEAK)
        if are_mixed(meaning):
            words.add(MIXED)
    return frozenset(words)


def is_used(judged: Judged) -> bool:
    """Whether a program here goes by the list."""
    programs = judged.parameter.read_by & {"smtpd", "smtp", "lmtp"}
    return any(_uses(view, judged.parameter.name) for view in users(judged, *programs))


def _uses(view: View, name: str) -> bool:
    levels = [server_level(view)] if name.startswith("smtpd") else []
    for client in clients_of(view):
        if name.startswith(f"{client}_"):
            if has_policies(view, client):
                return True
            levels.append(client_level(view, client))
    return any(_is_for(name, level) for level in levels if level not in (None, NONE))


def _is_for(name: str, level: str | None) -> bool:
    """Whether the list is for a level that has TLS; the ciphers that are always excluded are for all."""
    if "mandatory" in name:
        return level != MAY
    return level == MAY or "exclude" in name


def consequence(name: str) -> str:
    """What happens where a program goes by the list in the parameter *name*."""
    if name.startswith(_CLIENTS):
        return (
            "no TLS session comes about, and mail is deferred"
            if "mandatory" in name
            else "no TLS session comes about, and mail is sent in clear text"
        )
    return "TLS is switched off"
