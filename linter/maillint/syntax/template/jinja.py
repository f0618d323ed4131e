"""Jinja 3, as Ansible, Salt and many others use it (its "Template Designer Documentation")."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .tags import BRANCH, CONTROL, ELSE, END, IF, LOOP, OPEN, OUTPUT, STRINGS, Tag, closing

# ``${{$name} == ...}`` is Postfix's own.
_OPENER = re.compile(r"\{%|\{#|\{\{(?!(?<=\$\{\{)\s*\$)")
_CLOSERS = {
    "{%": re.compile(STRINGS + r"([-+]?%\})"),
    "{{": re.compile(STRINGS + r"([-+]?\}\})"),
    "{#": re.compile(r"([-+]?#\})"),
}
_WORD = re.compile(r"[-+]?\s*(\w*)")
_MANAGED = "ansible_managed"
"""Ansible's name for a comment at the head of a file."""

_ROLES = {"if": IF, "for": LOOP, "elif": BRANCH, "elseif": BRANCH, "else": ELSE, "endif": END, "endfor": END}
_TAKEN_OUT = {"set": CONTROL, "macro": CONTROL, "call": OPEN, "filter": OPEN}
"""Blocks whose text is for somewhere else, or changed before it gets here."""
_PUT_IN = ("include", "extends")


def scan(text: str) -> Iterator[Tag]:
    """The tags in *text*, in order; what is never closed is no tag."""
    at = 0
    while found := _OPENER.search(text, at):
        end = closing(text, found.end(), _CLOSERS[found[0]])
        if end is None:
            return
        inside = text[found.end() : end.start()]
        tag = Tag(
            found.start(),
            end.end(),
            OUTPUT if found[0] == "{{" and _MANAGED not in inside else CONTROL,
            joins_before=inside[:1] == "-",
            joins_after=end[0][0] == "-",
            strips=True,
        )
        at = tag.end
        if found[0] != "{%":
            yield tag
            continue
        word = _word(inside)
        if word == "raw":
            yield tag
            # What stands in it is text; its end is a tag.
            at = end.start() if (end := _end_of(word, text, at)) else len(text)
        elif word in _TAKEN_OUT and not (word == "set" and "=" in inside):
            at = end.end() if (end := _end_of(word, text, at)) else len(text)
            yield tag._replace(end=at, kind=_TAKEN_OUT[word])
        elif word in _PUT_IN:
            yield tag._replace(kind=OPEN)
        else:
            yield tag._replace(role=_ROLES.get(word, ""))


def _word(inside: str) -> str:
    found = _WORD.match(inside)
    return found[1] if found else ""


def _end_of(word: str, text: str, at: int) -> re.Match[str] | None:
    return re.compile(rf"\{{%[-+]?\s*end{word}\s*[-+]?%\}}").search(text, at)
