"""Records that are lists of tags, ``name=value; name=value`` (RFC 6376 3.2), with the place of each."""

from __future__ import annotations

import re

from maillint.record import NamedTuple

_PART = re.compile(r"[^;]+")
_TAG = re.compile(r"[ \t\r\n]*([A-Za-z][A-Za-z0-9_-]*)[ \t\r\n]*=[ \t\r\n]*(.*?)[ \t\r\n]*$", re.DOTALL)


class Problem(NamedTuple):
    """What is wrong in a record."""

    start: int
    end: int
    """Offsets in the record."""
    message: str
    fatal: bool = False
    """True: readers take nothing from the record."""


class Tag(NamedTuple):
    """One ``name=value``."""

    name: str
    """In lower case."""
    value: str
    """Without the white space around it."""
    start: int
    """Where the name begins."""
    value_start: int
    end: int


class TagList(NamedTuple):
    """The tags of a record, the first of each name; what is no tag is among the problems."""

    text: str
    tags: tuple[Tag, ...]
    problems: tuple[Problem, ...]

    def get(self, name: str) -> Tag | None:
        return next((tag for tag in self.tags if tag.name == name), None)

    def value(self, name: str, default: str = "") -> str:
        tag = self.get(name)
        return default if tag is None else tag.value


def parse_tags(text: str) -> TagList:
    """Read the tags of *text*; an empty part, as behind a final semicolon, is none."""
    tags: dict[str, Tag] = {}
    problems: list[Problem] = []
    for part in _PART.finditer(text):
        if not part[0].strip():
            continue
        found = _TAG.match(part[0])
        start = part.start() + len(part[0]) - len(part[0].lstrip())
        end = part.start() + len(part[0].rstrip())
        if found is None:
            problems.append(Problem(start, end, f"`{text[start:end]}` is not of the form `name=value`"))
            continue
        tag = Tag(found[1].lower(), found[2], start, part.start() + found.start(2), end)
        if tag.name in tags:
            problems.append(Problem(start, end, f"`{tag.name}=` stands in the record twice"))
        tags.setdefault(tag.name, tag)
    return TagList(text, tuple(tags.values()), tuple(problems))
