"""Who may send mail where, through which SMTP server, in words."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from maillint.postfix.access import (
    CERTIFIED,
    DEFER,
    DIES,
    FLUSHED,
    FOREIGN,
    INSIDER,
    LOCAL,
    LOGGED_IN,
    LOOPBACK,
    NULL,
    OWN,
    PERMIT,
    REJECT,
    RELAY,
    SENDERS,
    STRANGER,
    VIRTUAL,
    Cell,
    Server,
    decisive,
    flushes,
    verdicts,
)
from maillint.postfix.listening import LOOPBACK as LOOPBACK_ONLY
from maillint.postfix.listening import NETWORK, address_and_port
from maillint.record import NamedTuple

if TYPE_CHECKING:
    from maillint.postfix.access import Branch, Flush, Verdict

    from . import Line

NO_SERVER = "No SMTP server is started, so nobody can send mail by SMTP through this host."
LEGEND = """\
yes: accepted; no: refused; not now: refused with a temporary error, so that the client tries again;
discarded: accepted, and thrown away;
unless: what usually happens, and a note on what makes it otherwise; dead: the server does not run.
Only access lists are looked at: content filters, milters and limits come after them.
"""

_CLIENTS = {
    LOOPBACK: "a program on this host",
    INSIDER: "a host in your networks",
    STRANGER: "a stranger",
    LOGGED_IN: "a user who has logged in",
    CERTIFIED: "a client with a certificate",
}
_SENDERS = {OWN: "as one of you", FOREIGN: "as somebody else", NULL: "with a bounce"}
_RECIPIENTS = {
    LOCAL: "this host's mail",
    VIRTUAL: "hosted domains",
    RELAY: "relayed domains",
    FOREIGN: "anywhere else",
}
_OUTCOMES = {PERMIT: "yes", REJECT: "no", DEFER: "not now", DIES: "dead"}
_HAPPENS = {
    PERMIT: "the mail is accepted",
    REJECT: "the mail is refused",
    DEFER: "the mail is refused for now, and the client tries again",
    DIES: "the server ends",
}


class Otherwise(NamedTuple):
    """What happens otherwise, and when."""

    happens: str
    ways: tuple[str, ...]
    """What must be so; each of them is enough."""


class Note(NamedTuple):
    """Why an answer is as it is."""

    decides: Line
    exceptions: tuple[Otherwise, ...]


class Answer(NamedTuple):
    """One field of a table."""

    cell: Cell
    word: str
    note: int
    """The number of its note, from 1."""


class Row(NamedTuple):
    """One client, and the senders for which all is the same."""

    title: str
    answers: tuple[Answer, ...]


class Table(NamedTuple):
    """Who may send what through one server."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[Note, ...]
    etrn: str
    """Who may ask for the mail that waits for a domain."""


def title(server: Server) -> str:
    """The server, and where it listens."""
    service = server.listener.view.service
    if service is None:
        return "smtp: port 25 (there is no master.cf; this is the server that Postfix comes with)"
    host, port = address_and_port(server.listener.view)
    text = f"{service.id}: port {port}, {f'address {host}' if host else _reachable(server)}"
    if server.view is not server.listener.view:
        text += f"; behind {os.path.basename(service.command)}, {server.view.id} takes the mail"
    return text


def _reachable(server: Server) -> str:
    reach = server.listener.reach
    if reach == LOOPBACK_ONLY:
        return "for programs on this host only"
    return "on all addresses of inet_interfaces" if reach == NETWORK else "on what inet_interfaces says"


def table(server: Server) -> Table | str:
    """The table of *server*; text: why there is none."""
    cells = verdicts(server.view, server.listener.reach)
    if all(cell.verdict.outcome == DIES for cell in cells):
        reason = cells[0].verdict.reason
        return f"Nobody can send anything: the server ends when it starts. {reason}."
    notes: dict[Note, int] = {}
    groups = _groups(cells)
    rows = tuple(Row(name, tuple(_answer(cell, notes) for cell in group)) for name, group in groups)
    columns = tuple(f"to {_RECIPIENTS[cell.recipient.kind]}" for cell in groups[0][1])
    return Table(columns, rows, tuple(notes), _etrn(flushes(server.view, server.listener.reach)))


def _etrn(asked: Sequence[Flush]) -> str:
    what = "Sending at once what waits for a domain (ETRN)"
    who = {
        answer: [_CLIENTS[flush.client.kind] for flush in asked if flush.verdict.accepts is answer]
        for answer in (True, None)
    }
    parts = [f"{' or '.join(who[True])} may ask for it"] if who[True] else []
    if who[None]:
        reasons = dict.fromkeys(flush.verdict.reason for flush in asked if flush.verdict.accepts is None)
        parts.append(f"for {' or '.join(who[None])} it {'; '.join(reasons)}")
    if parts:
        return f"{what}: {', '.join(parts)}; only for domains of {FLUSHED}."
    why = asked[0].verdict.reason if asked else f"{FLUSHED} names no domain"
    return f"{what}: nobody may ask for it: {why}."


def _groups(cells: Sequence[Cell]) -> list[tuple[str, list[Cell]]]:
    found: list[tuple[str, list[Cell]]] = []
    for client in dict.fromkeys(cell.client for cell in cells):
        mine = [cell for cell in cells if cell.client == client]
        name = _CLIENTS[client.kind]
        if client.kind == INSIDER:
            name += f" ({client.address})"
        groups: list[tuple[list[str], list[Cell]]] = []
        for kind in SENDERS:
            own = [cell for cell in mine if cell.sender.kind == kind]
            for kinds, others in groups:
                if [_essence(cell.verdict) for cell in own] == [_essence(cell.verdict) for cell in others]:
                    kinds.append(kind)
                    break
            else:
                groups.append(([kind], own))
        for kinds, group in groups:
            senders = f", {' or '.join(_SENDERS[kind] for kind in kinds)}" if len(groups) > 1 else ""
            found.append((name + senders, group))
    return found


def _essence(verdict: Verdict) -> tuple[object, ...]:
    return _word(verdict), _note(verdict)


def _answer(cell: Cell, notes: dict[Note, int]) -> Answer:
    return Answer(cell, _word(cell.verdict), notes.setdefault(_note(cell.verdict), len(notes) + 1))


def _word(verdict: Verdict) -> str:
    word = "discarded" if verdict.branches[0].discards else _OUTCOMES[verdict.usual]
    return f"{word}, unless" if verdict.wavers else word


def _note(verdict: Verdict) -> Note:
    first, *others = verdict.branches
    exceptions = []
    for branch in others if verdict.wavers else ():
        ways = (" and ".join(condition.answer for condition in way) for way in (branch.unusual, *branch.also))
        happens = "the mail is accepted and thrown away" if branch.discards else _HAPPENS[branch.outcome]
        exceptions.append(Otherwise(happens, tuple(way or "something else is so" for way in ways)))
    return Note(_decides(first), tuple(exceptions))


def _decides(branch: Branch) -> Line:
    location = next((step.location for step in reversed(branch.path) if step.result != "nothing"), None)
    return (decisive(branch),) if location is None else (f"{decisive(branch)}, ", location)
