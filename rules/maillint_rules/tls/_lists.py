"""Lists of TLS protocols and of excluded ciphers: what is wrong in them, and whether they are used."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.postfix.tls import (
    MAY,
    NONE,
    ProtocolProblem,
    client_level,
    has_policies,
    protocol_problems,
    server_level,
)

from .._told import is_placeholder
from .._uses import clients_of, users
from .._values import judged_values

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, View

    from .._values import Judged

PARAMETERS = tuple(
    f"{program}_tls_{list}"
    for program in ("smtpd", "smtp", "lmtp", "postscreen", "tlsproxy")
    for list in ("protocols", "mandatory_protocols")
)


def bad_protocols(config: Configuration, kind: str) -> Iterator[tuple[Judged, ProtocolProblem]]:
    """The words of *kind* in every list, placeholders apart."""
    for judged in judged_values(config):
        if judged.parameter.kind == "tls-protocols" and judged.value.text:
            for problem in protocol_problems(judged.text, config.version):
                if problem.kind == kind and not is_placeholder(problem.name):
                    yield judged, problem


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
    if name.startswith(("smtp_", "lmtp_")):
        return (
            "no TLS session comes about, and mail is deferred"
            if "mandatory" in name
            else "no TLS session comes about, and mail is sent in clear text"
        )
    return "TLS is switched off"
