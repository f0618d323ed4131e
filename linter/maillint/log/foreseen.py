"""Complaints of Postfix that no pattern knows, and that a rule foresees: its page has what Postfix says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from maillint.engine.docs import WITNESS, parse
from maillint.engine.registry import Registry

from .grouping import general

_LEAST = 16
"""So many characters of a complaint must be the same."""

_OF_THE_EXAMPLE = re.compile(r"\"[^\"]*\"|'[^']*'|\.\.\.|…|[/\w.:-]*/\S*|\S*example\S*|\d+")
"""What is another text on another host."""


def rules_that_foresee(registry: Registry, said: str) -> tuple[str, ...]:
    """The ids of the rules for which Postfix says what a group has as its sample."""
    found = (rule for pattern, rule in _patterns(registry) if pattern.fullmatch(said))
    return tuple(dict.fromkeys(found))


@cache
def _patterns(registry: Registry) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (pattern, rule.id)
        for rule in registry.rules.values()
        for line in _complaints(registry.page(rule))
        if (pattern := _pattern(line)) is not None
    )


def _complaints(page: str) -> Iterator[str]:
    """What Postfix says, without the name of the program."""
    section = parse(page).section(WITNESS)
    for fences in section.examples if section is not None else ():
        for fence in fences:
            for line in fence.text.splitlines():
                program, _, text = line.partition(": ")
                if text and " " not in program:
                    yield text


def _pattern(line: str) -> re.Pattern[str] | None:
    parts = _OF_THE_EXAMPLE.split(general(line.lower()))
    if sum(len(part.strip()) for part in parts) < _LEAST:
        return None
    return re.compile(".*".join(map(re.escape, parts)))
