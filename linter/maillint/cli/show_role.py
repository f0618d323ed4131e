"""``maillint show --role``: what the host is for, and what in its configuration shows it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from maillint.postfix.role import Answer, Evidence, answers, told_roles
from maillint.report.words import plain
from maillint.report.words.role import location, reason
from maillint.syntax.tree import Setting

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration

_NONE = "The files show none of the roles that maillint knows.\n"
_REMEDY = """\
Where this is wrong, or not known, say it in main.cf: # maillint: role[mx, submission]
"""


def as_json(config: Configuration) -> str:
    """The answer for every role, true, false or null, with its evidence."""
    import json

    roles = {name: _answer_as_json(answer) for name, answer in answers(config).items()}
    return json.dumps({"version": 1, "roles": roles}, indent=2, ensure_ascii=False) + "\n"


def as_text(config: Configuration) -> str:
    """The roles that the host plays with the evidence, then those of which the files do not tell."""
    found = answers(config)
    lines = [line for name, answer in found.items() if answer.holds for line in _block(name, answer)]
    text = "\n".join(lines) + "\n" if lines else _NONE
    open_roles = {name: answer for name, answer in found.items() if answer.holds is None}
    if open_roles:
        text += "\nNot known:\n" + "".join(
            f"  {line}\n" for name, answer in open_roles.items() for line in _block(name, answer)
        )
    return text if told_roles(config) is not None else f"{text}\n{_REMEDY}"


def _block(name: str, answer: Answer) -> Iterable[str]:
    yield name
    for one in answer.evidence:
        yield f"  {plain(reason(one))}"


def _answer_as_json(answer: Answer) -> dict[str, Any]:
    return {"holds": answer.holds, "evidence": [_evidence_as_json(one) for one in answer.evidence]}


def _evidence_as_json(evidence: Evidence) -> dict[str, Any]:
    place, source = location(evidence), evidence.source
    return {
        "text": evidence.text,
        "parameter": source.name if isinstance(source, Setting) else None,
        "service": _service(evidence),
        "path": place.source.path if place is not None else None,
        "line": place.start.line if place is not None else None,
        "column": place.start.column if place is not None else None,
    }


def _service(evidence: Evidence) -> str | None:
    """The master.cf entry that is evidence, or whose ``-o`` is."""
    source = evidence.source
    service = source.service if isinstance(source, Setting) else source
    return service.id if service is not None else None
