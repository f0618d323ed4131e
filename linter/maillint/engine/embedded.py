"""Judges settings of Postfix that stand in files of other kinds, as fragments of a configuration."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from maillint.syntax.embedded import shell
from maillint.syntax.embedded.data import DataError
from maillint.syntax.embedded.data import parts as data_parts
from maillint.syntax.embedded.extract import MAIN_CF, Extract, Part
from maillint.syntax.source import OPAQUE, Source

from .result import Problem
from .run import Outcome, configuration_of, judge

if TYPE_CHECKING:
    from .discovery import Target
    from .plan import Plan

_SCRIPT = re.compile(r"(?:^|[._-])(?:docker|container)file|\.(?:sh|bash|ksh|zsh)$", re.IGNORECASE)
_DATA = (".yml", ".yaml", ".json")
_OVERRIDES = "postfix-master.cf"
"""Docker-mailserver's name for a file of arguments of ``postconf -P``."""
_CONDITION = re.compile(r"^\s*(?:if|elif|case|when:)\b", re.MULTILINE)


def is_embedded(path: str, text: str) -> bool:
    """Whether the file at *path*, which was named, is of another kind and may hold settings."""
    name = os.path.basename(path)
    if name == _OVERRIDES:
        return bool(shell.OVERRIDE.search(text))
    if text.startswith("#!") and "postconf" in text:
        return True
    return bool(_SCRIPT.search(name)) or name.endswith(_DATA)


def judge_embedded(target: Target, plan: Plan, outcome: Outcome, source: Source) -> None:
    """Judge what *source* has of a main.cf and a master.cf; add to *outcome* what a fragment can prove."""
    try:
        parts = list(_parts(source, plan))
    except DataError as error:
        outcome.problems.append(Problem(source.path, str(error)))
        return
    for kind, group in _groups(parts, alone=bool(_CONDITION.search(source.text))):
        extract = Extract(source, group)
        pair = (extract, None) if kind == MAIN_CF else (None, extract)
        judged = Outcome()
        judge(configuration_of(target, plan, *pair, is_open=True), plan, judged, target.is_named)
        for findings, more in (
            (outcome.findings, judged.findings),
            (outcome.suppressed, judged.suppressed),
            (outcome.unsure, judged.unsure),
        ):
            for finding in more:
                if OPAQUE not in finding.message + finding.mend:
                    finding.fix = None  # Its text would have to be quoted for another language.
                    findings.append(finding)
        outcome.not_checked += judged.not_checked
        outcome.problems += judged.problems
    outcome.findings.sort(key=lambda finding: (finding.location.start, finding.rule))


def _parts(source: Source, plan: Plan) -> Iterator[Part]:
    if os.path.basename(source.path) == _OVERRIDES:
        yield from shell.overrides(source.text)
        return
    if not source.path.endswith(_DATA):
        yield from shell.parts(source.text)
        return
    found = False
    for keys in plan.settings.get("data"):
        if keys.paths.match((source.path,)):
            found = True
            yield from data_parts(source.text, keys.at)
    if not found and "postconf" in source.text:
        yield from shell.parts(source.text)


def _groups(parts: Iterable[Part], *, alone: bool) -> Iterator[tuple[str, list[Part]]]:
    """The parts that one program reads together: those of main.cf, of each service, of master.cf.

    A command replaces what an earlier one has set: of several with one name, the last go together, and what
    they replace is judged apart. *alone*: so is every part, because which of them go together hangs on
    conditions.
    """
    groups: dict[tuple[object, ...], list[Part]] = {}
    times: dict[tuple[str, str, str], int] = {}
    for number, part in reversed([*enumerate(parts)]):
        name = part.text.partition("=")[0].strip() if part.kind == MAIN_CF else part.text
        key = (part.kind, part.service, name)
        times[key] = times.get(key, 0) + 1
        groups.setdefault((part.kind, part.service, number if alone else times[key]), []).append(part)
    for (kind, *_), group in groups.items():
        yield str(kind), group[::-1]
