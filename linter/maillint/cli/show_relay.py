"""``maillint show --relay``: who may send mail where, through which SMTP server, and what decides it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

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
    servers,
    verdicts,
)
from maillint.postfix.listening import LOOPBACK as LOOPBACK_ONLY
from maillint.postfix.listening import NETWORK

if TYPE_CHECKING:
    from maillint.postfix.access import Branch, Client, Flush, Step, Verdict
    from maillint.postfix.configuration import Configuration
    from maillint.syntax.source import Location

_PORTS = {"smtp": "25", "submission": "587", "submissions": "465", "smtps": "465"}
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
_LEGEND = """\
yes: accepted; no: refused; not now: refused with a temporary error, so that the client tries again;
discarded: accepted, and thrown away;
unless: what usually happens, and a note on what makes it otherwise; dead: the server does not run.
Only access lists are looked at: content filters, milters and limits come after them.
"""


def as_json(config: Configuration) -> str:
    """The verdicts of all servers, with the ways that lead to them."""
    import json

    found = [_server_as_json(server) for server in servers(config)]
    return json.dumps({"version": 1, "servers": found}, indent=2, ensure_ascii=False) + "\n"


def as_text(config: Configuration) -> str:
    """A table for each server."""
    blocks = [_server_as_text(server) for server in servers(config)]
    if not blocks:
        return "No SMTP server is started, so nobody can send mail by SMTP through this host.\n"
    return "\n".join([*blocks, _LEGEND])


# --- text ------------------------------------------------------------------------------------------------


class _Row(NamedTuple):
    """One client, and the senders for which all is the same."""

    title: str
    cells: list[Cell]


def _server_as_text(server: Server) -> str:
    cells = verdicts(server.view, server.listener.reach)
    lines = [_title(server), *_changes(server)]
    dead = cells[0].verdict
    if all(cell.verdict.outcome == DIES for cell in cells):
        lines += [f"  Nobody can send anything: the server ends when it starts. {dead.reason}.", ""]
        return "\n".join(lines)
    notes: dict[tuple[str, ...], int] = {}
    rows = _rows(cells)
    head = ["from", *_columns(rows)]
    table = [head, *([row.title, *(_shown(cell.verdict, notes) for cell in row.cells)] for row in rows)]
    lines += ["", *_aligned(table), ""]
    for note, number in notes.items():
        lines += [f"  [{number}] {note[0]}", *(f"      {line}" for line in note[1:])]
    lines += ["", f"  {_etrn(flushes(server.view, server.listener.reach))}", ""]
    return "\n".join(lines)


def _etrn(asked: Sequence[Flush]) -> str:
    """Who may ask for the mail that waits for a domain, in one line."""
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


def _title(server: Server) -> str:
    service = server.listener.view.service
    if service is None:
        return "smtp: port 25 (there is no master.cf; this is the server that Postfix comes with)"
    host, _, port = service.name.rpartition(":")
    where = f"address {host}" if host else _reachable(server)
    text = f"{service.id}: port {_PORTS.get(port, port)}, {where}"
    if server.view is not server.listener.view:
        text += f"; behind {os.path.basename(service.command)}, {server.view.id} takes the mail"
    return text


def _reachable(server: Server) -> str:
    reach = server.listener.reach
    if reach == LOOPBACK_ONLY:
        return "for programs on this host only"
    return "on all addresses of inet_interfaces" if reach == NETWORK else "on what inet_interfaces says"


def _changes(server: Server) -> list[str]:
    """What the server has that main.cf does not."""
    return [f"  -o {option.name} = {option.value.text}" for option in server.view.options]


def _rows(cells: Sequence[Cell]) -> list[_Row]:
    rows: list[_Row] = []
    for client in dict.fromkeys(cell.client for cell in cells):
        mine = [cell for cell in cells if cell.client == client]
        title = _CLIENTS[client.kind]
        if client.kind == INSIDER:
            title += f" ({client.address})"
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
            rows.append(_Row(title + senders, group))
    return rows


def _columns(rows: Sequence[_Row]) -> list[str]:
    return [f"to {_RECIPIENTS[cell.recipient.kind]}" for cell in rows[0].cells]


def _essence(verdict: Verdict) -> tuple[object, ...]:
    return _word(verdict), _note(verdict)


def _shown(verdict: Verdict, notes: dict[tuple[str, ...], int]) -> str:
    number = notes.setdefault(_note(verdict), len(notes) + 1)
    return f"{_word(verdict)} [{number}]"


def _word(verdict: Verdict) -> str:
    word = "discarded" if verdict.branches[0].discards else _OUTCOMES[verdict.usual]
    return f"{word}, unless" if verdict.wavers else word


def _note(verdict: Verdict) -> tuple[str, ...]:
    first, *others = verdict.branches
    lines = [_decides(first)]
    if verdict.wavers:
        for branch in others:
            ways = [
                " and ".join(condition.answer for condition in way) for way in (branch.unusual, *branch.also)
            ]
            happens = "the mail is accepted and thrown away" if branch.discards else _HAPPENS[branch.outcome]
            lines.append(f"{happens} when")
            lines += [f"  {way or 'something else is so'}" for way in ways]
    return tuple(lines)


def _decides(branch: Branch) -> str:
    place = _place(next((step.location for step in reversed(branch.path) if step.result != "nothing"), None))
    return decisive(branch) + (f", {place}" if place else "")


def _place(location: Location | None) -> str:
    if location is None:
        return ""
    return f"{os.path.basename(location.source.path)}:{location.start.line}"


def _aligned(table: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return [
        "  " + "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
        for row in table
    ]


# --- JSON ------------------------------------------------------------------------------------------------


def _server_as_json(server: Server) -> dict[str, Any]:
    service = server.listener.view.service
    host, _, port = service.name.rpartition(":") if service is not None else ("", "", "smtp")
    return {
        "service": service.id if service is not None else None,
        "program": service.command if service is not None else "smtpd",
        "address": host or None,
        "port": _PORTS.get(port, port),
        "reach": server.listener.reach,
        "smtpd": server.view.id or None,
        "options": {option.name: option.value.text for option in server.view.options},
        "verdicts": [_cell_as_json(cell) for cell in verdicts(server.view, server.listener.reach)],
        "etrn": [_flush_as_json(flush) for flush in flushes(server.view, server.listener.reach)],
    }


def _cell_as_json(cell: Cell) -> dict[str, Any]:
    return {
        "client": _client_as_json(cell.client),
        "sender": {"kind": cell.sender.kind, "address": cell.sender.address},
        "recipient": {"kind": cell.recipient.kind, "address": cell.recipient.address},
        **_verdict_as_json(cell.verdict),
    }


def _flush_as_json(flush: Flush) -> dict[str, Any]:
    return {
        "client": _client_as_json(flush.client),
        "domain": flush.domain,
        **_verdict_as_json(flush.verdict),
    }


def _client_as_json(client: Client) -> dict[str, Any]:
    return {"kind": client.kind, "address": client.address}


def _verdict_as_json(verdict: Verdict) -> dict[str, Any]:
    return {
        "outcome": verdict.outcome,
        "usual": verdict.usual,
        "accepts": verdict.accepts,
        "reason": verdict.reason,
        "branches": [
            {
                "outcome": branch.outcome,
                "discards": branch.discards,
                "conditions": [condition._asdict() for condition in branch.conditions],
                "also": [[condition._asdict() for condition in way] for way in branch.also],
                "path": [_step_as_json(step) for step in branch.path],
            }
            for branch in verdict.branches
        ],
    }


def _step_as_json(step: Step) -> dict[str, Any]:
    place = step.location
    return {
        "parameter": step.parameter,
        "word": step.word,
        "result": step.result,
        "why": step.why,
        "path": place.source.path if place is not None else None,
        "line": place.start.line if place is not None else None,
        "column": place.start.column if place is not None else None,
    }
