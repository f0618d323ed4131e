"""The diagnosis of a log for programs, version 1; its form is part of the command's contract.

``docs/diagnose.md`` explains each field. Bytes of a log that are not UTF-8 appear as lone surrogates
(``\\udcNN``), escaped.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TextIO

from maillint.log.grouping import OTHERS

from .json import finding_object

if TYPE_CHECKING:
    from maillint.log.diagnose import Diagnosis
    from maillint.log.explain import Explained, Explanation, LeftAs
    from maillint.log.grouping import Counter, Evidence
    from maillint.log.lines import Time
    from maillint.log.redact import Masker

VERSION = 1

_MOST = 100
"""Of names, so many are written; the others are counted together."""


def write(diagnosis: Diagnosis, explanation: Explanation, stream: TextIO, masker: Masker | None) -> None:
    """Write one JSON object to *stream*; *masker* hides the people in it."""
    document = {
        "version": VERSION,
        "logs": list(diagnosis.paths),
        "lines": diagnosis.lines,
        "first": _time(diagnosis.first),
        "last": _time(diagnosis.last),
        "hosts": list(diagnosis.hosts),
        "delivered": diagnosis.sent,
        "causes": [_cause(explained, masker) for explained in explanation.groups],
        "refused": {"count": diagnosis.refused, "evidence": _evidence(diagnosis.refused_first, masker)},
        "not_checked": [
            {"rule": note.rule, "reason": note.reason, "question": note.question}
            for note in explanation.not_checked
        ],
        "errors": [*diagnosis.errors, *map(str, explanation.problems)],
    }
    json.dump(document, stream, indent=2)
    stream.write("\n")


def _cause(explained: Explained, masker: Masker | None) -> dict[str, Any]:
    group = explained.group
    cause = group.cause
    return {
        "cause": group.id,
        "weight": group.weight,
        "confidence": group.confidence,
        "patterns": sorted(group.patterns, key=int),
        "text": None if cause is not None else _masked(group.sample, masker),
        "why": cause.why if cause is not None else None,
        "mend": cause.mend if cause is not None else None,
        "rules": list(cause.rules) if cause is not None else [],
        "lines": group.lines,
        "mails": group.mails,
        "statuses": group.statuses,
        "notifications": group.notifications,
        "first": _time(group.first),
        "last": _time(group.last),
        "receivers": _counts(group.relays),
        "domains": _counts(group.domains),
        "recipients": _counts(group.recipients, masker),
        "senders": _counts(group.senders, masker),
        "addresses": _counts(group.sources),
        "helos": _counts(group.hellos),
        "logins": _counts(group.logins, masker),
        "clients": _counts(group.clients),
        "programs": _counts(group.programs),
        "evidence": _evidence(group.evidence, masker),
        "left_as": _left_as(explained.left_as, masker),
        "findings": [finding_object(finding) for finding in explained.findings],
    }


def _counts(counter: Counter, masker: Masker | None = None) -> list[dict[str, Any]]:
    most = counter.most()
    rest = sum(count for name, count in most[_MOST:] if name != OTHERS)
    rest += sum(count for name, count in most if name == OTHERS)
    shown = [
        {"name": masker.person(name) if masker is not None else name, "count": count}
        for name, count in most[:_MOST]
        if name != OTHERS
    ]
    return shown + ([{"name": None, "count": rest}] if rest else [])


def _left_as(left: LeftAs | None, masker: Masker | None) -> dict[str, Any] | None:
    if left is None:
        return None
    return {
        "sender": masker.person(left.sender) if masker is not None else left.sender,
        "mails": left.mails,
        "domain": left.domain,
        "address": left.address or None,
        "helo": left.helo or None,
        "settings": list(left.steps),
        "spf": left.spf._asdict() if left.spf is not None else None,
    }


def _evidence(evidence: Evidence | None, masker: Masker | None) -> dict[str, Any] | None:
    if evidence is None:
        return None
    text = evidence.raw.decode("utf-8", "surrogateescape")
    return {"path": evidence.path, "line": evidence.number, "text": _masked(text, masker)}


def _masked(text: str, masker: Masker | None) -> str:
    return masker.mask(text) if masker is not None else text


def _time(time: Time | None) -> str | None:
    """In the form of ISO 8601, with the offset where the log tells it."""
    return time.moment.isoformat() if time is not None else None
