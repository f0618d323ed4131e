"""``maillint show --relay``: who may send mail where, through which SMTP server, and what decides it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from maillint.postfix.access import Cell, Server, flushes, servers, verdicts
from maillint.postfix.listening import address_and_port
from maillint.report.words import plain
from maillint.report.words import relay as words

if TYPE_CHECKING:
    from maillint.postfix.access import Client, Flush, Step, Verdict
    from maillint.postfix.configuration import Configuration


def as_json(config: Configuration) -> str:
    """The verdicts of all servers, with the ways that lead to them."""
    import json

    found = [_server_as_json(server) for server in servers(config)]
    return json.dumps({"version": 1, "servers": found}, indent=2, ensure_ascii=False) + "\n"


def as_text(config: Configuration) -> str:
    """A table for each server."""
    blocks = [_server_as_text(server) for server in servers(config)]
    if not blocks:
        return f"{words.NO_SERVER}\n"
    return "\n".join([*blocks, words.LEGEND])


# --- text ------------------------------------------------------------------------------------------------


def _server_as_text(server: Server) -> str:
    lines = [words.title(server)]
    lines += [f"  -o {option.name} = {option.value.text}" for option in server.view.options]
    table = words.table(server)
    if isinstance(table, str):
        return "\n".join([*lines, f"  {table}", ""])
    fields = [
        [row.title, *(f"{answer.word} [{answer.note}]" for answer in row.answers)] for row in table.rows
    ]
    lines += ["", *_aligned([["from", *table.columns], *fields]), ""]
    for number, note in enumerate(table.notes, 1):
        lines.append(f"  [{number}] {plain(note.decides)}")
        for otherwise in note.exceptions:
            lines.append(f"      {otherwise.happens} when")
            lines += [f"        {way}" for way in otherwise.ways]
    lines += ["", f"  {table.etrn}", ""]
    return "\n".join(lines)


def _aligned(table: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return [
        "  " + "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
        for row in table
    ]


# --- JSON ------------------------------------------------------------------------------------------------


def _server_as_json(server: Server) -> dict[str, Any]:
    service = server.listener.view.service
    host, port = address_and_port(server.listener.view)
    return {
        "service": service.id if service is not None else None,
        "program": service.command if service is not None else "smtpd",
        "address": host or None,
        "port": port,
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
