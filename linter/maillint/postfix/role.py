"""The roles that a host plays in the mail system, as far as its configuration tells, with the evidence.

There are three answers to "does it play this role?": True, False, and None for "the configuration does not
tell". What the user says decides alone: the option or settings of a run, or a comment in main.cf such as
``# maillint: role[mx, submission]``.

A host may play several roles at once: a null client is send-only, too, and an MX may be for submission.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from maillint.record import NamedTuple

from .evidence import Answer, Evidence

if TYPE_CHECKING:
    from maillint.syntax.tree import MainCf

    from .configuration import Configuration

NULL_CLIENT = "null-client"
"""Hands all mail to a relay, keeps none, and serves nobody but itself (STANDARD_CONFIGURATION_README)."""
SEND_ONLY = "send-only"
"""No other host can hand it mail."""
SATELLITE = "satellite"
"""Keeps the mail of its own name, hands the rest to a relay, and serves nobody but itself."""
GATEWAY = "gateway"
"""Takes the mail for domains whose mailboxes are on hosts behind it."""
MX = "mx"
"""Other mail servers deliver the mail for some domains to it; gateways and backup MXes are MXes, too."""
BACKUP_MX = "backup-mx"
"""Takes the mail for domains while their first MX is away, which it finds by the MX records."""
VIRTUAL_HOSTING = "virtual-hosting"
"""Has mailboxes or aliases in domains that are not the host's own (VIRTUAL_README)."""
LIST_SERVER = "list-server"
"""Passes mail to a program for mailing lists."""
SUBMISSION = "submission"
"""Users log in to send mail (RFC 6409)."""
LAN_HUB = "lan-hub"
"""The hosts of its networks send through it."""

__all__ = [
    "BACKUP_MX", "GATEWAY", "LAN_HUB", "LIST_SERVER", "MX", "NULL_CLIENT", "ROLES", "SATELLITE", "SEND_ONLY",
    "SUBMISSION", "VIRTUAL_HOSTING",
    "Answer", "Evidence", "Role", "Told",
    "answer", "answers", "has_role", "roles", "told_roles", "why_unknown",
]  # fmt: skip

ROLES = (
    NULL_CLIENT, SEND_ONLY, SATELLITE, GATEWAY, MX, BACKUP_MX, VIRTUAL_HOSTING, LIST_SERVER, SUBMISSION,
    LAN_HUB,
)  # fmt: skip

_MARK = "maillint:"
_COMMENT = r"(?m)^[^\S\n]*#+[^\S\n]*maillint:\s*role\s*\[([^\]]*)\]"
"""A comment that tells the roles; the group has their names."""


class Role(NamedTuple):
    """A role that the host plays."""

    name: str
    """One of :data:`ROLES`."""
    evidence: tuple[Evidence, ...]


class Told(NamedTuple):
    """The roles that the user says the host plays."""

    names: tuple[str, ...]
    by: str
    """Where, for a message: ``command line``, the path of a settings file."""
    is_final: bool = False
    """Whether it counts more than a comment in main.cf."""


def roles(config: Configuration) -> tuple[Role, ...]:
    """The roles that *config* surely plays, in the order of :data:`ROLES`."""
    return tuple(Role(name, found.evidence) for name, found in answers(config).items() if found.holds)


def has_role(config: Configuration, *names: str) -> bool | None:
    """Whether it plays one of the roles *names*: True, False, or None: the configuration does not tell."""
    unknown = False
    for name in names:
        holds = answer(config, name).holds
        if holds:
            return True
        unknown = unknown or holds is None
    return None if unknown else False


def answers(config: Configuration) -> dict[str, Answer]:
    """The answer for each of :data:`ROLES`."""
    return {name: answer(config, name) for name in ROLES}


def answer(config: Configuration, name: str) -> Answer:
    """Whether *config* plays the role *name*, and why."""
    memo: dict[str, Answer] = config.memo.setdefault("roles", {})
    if name not in memo:
        memo[name] = _answer(config, name)
    return memo[name]


def _answer(config: Configuration, name: str) -> Answer:
    told = told_roles(config)
    if told is not None:
        return Answer(name in told.names, (Evidence(f"{told.by} says so"),))
    if config.fragment or config.main is None:
        missing = "there is no main.cf" if config.main is None else "this is only a part of a main.cf"
        return Answer(None, (Evidence(missing),))
    from .role_definitions import role_answer

    return role_answer(config, name)


def told_roles(config: Configuration) -> Told | None:
    """What the user says the roles are; None: nothing."""
    told: Told | None = config.told_roles
    if told is not None and told.is_final:
        return told
    return _told_in_comment(config.main) or told


def _told_in_comment(main: MainCf | None) -> Told | None:
    if main is None or _MARK not in main.source.text:
        return None
    found = list(re.finditer(_COMMENT, main.source.text))
    words = [word for comment in found for word in comment[1].replace(",", " ").split()]
    names = [word for word in words if word in ROLES]
    if not names:
        return None
    line = main.source.position(found[0].start()).line
    return Told(tuple(dict.fromkeys(names)), f"a comment in line {line} of main.cf")


def why_unknown(name: str) -> str:
    """Why *name* is no role, with what may be meant, for a message; empty: it is one."""
    if name in ROLES:
        return ""
    from maillint.nearest import nearest

    near = nearest(name, ROLES)
    return f"there is no role {name!r}; " + (
        f"did you mean {near}?" if near else f"the roles are {', '.join(ROLES)}"
    )
