"""Mustache and Handlebars (mustache(5); the Handlebars language guide)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .tags import BRANCH, CONTROL, ELSE, END, IF, LOOP, OPEN, OUTPUT, Tag

# ``${{$name} == ...}`` is Postfix's own.
_OPENER = re.compile(r"\{\{\{|\{\{!--|\{\{(?!(?<=\$\{\{)\s*\$)")
_CLOSERS = {"{{{": "}}}", "{{!--": "--}}", "{{": "}}"}
_MARK = re.compile(r"~?\s*([#^/>!]|else\b)?")
_MEANINGS = {
    "#": (CONTROL, LOOP),
    "^": (CONTROL, IF),
    "/": (CONTROL, END),
    ">": (OPEN, ""),
    "!": (CONTROL, ""),
}


def scan(text: str) -> Iterator[Tag]:
    """The tags in *text*, in order; what is never closed is no tag."""
    at = 0
    while found := _OPENER.search(text, at):
        end = text.find(_CLOSERS[found[0]], found.end())
        if end < 0:
            return
        inside, at = text[found.end() : end], end + len(_CLOSERS[found[0]])
        kind, role = (CONTROL, "") if "!" in found[0] else _meaning(inside)
        yield Tag(found.start(), at, kind, role, inside[:1] == "~", inside[-1:] == "~", strips=True)


def _meaning(inside: str) -> tuple[str, str]:
    found = _MARK.match(inside)
    mark = (found and found[1]) or ""
    if mark == "else":
        return CONTROL, ELSE if inside.strip("~ ") == mark else BRANCH
    return _MEANINGS.get(mark, (OUTPUT, ""))
