"""Splitting lists and brace groups, as util/mystrtok.c, util/balpar.c and util/extpar.c do."""

from __future__ import annotations

import re
from functools import cache

from maillint.record import NamedTuple

from .logical import WHITE_SPACE
from .source import LogicalText

COMMA_SPACE = ", \t\r\n"
"""What stands between the items of most lists (CHARS_COMMA_SP in util/sys_defs.h)."""
SPACE = " \t\r\n"
"""What stands between words (CHARS_SPACE)."""


class ListItem(NamedTuple):
    """One item of a list, ``list_text[start:end]``."""

    text: str
    start: int
    end: int


def split_list(text: LogicalText | str, braces: bool, separators: str = COMMA_SPACE) -> list[ListItem]:
    """The items of a list; empty ones vanish.

    With *braces*, what is between ``{`` and its ``}`` belongs to one item, separators included,
    as does everything behind a ``{`` that is never closed. Whether a parameter's list is read so
    is a fact about the parameter.
    """
    text = str(text)
    if braces and "{" in text:
        return _split_grouped(text, separators)
    return [ListItem(found[0], *found.span()) for found in _pattern(f"[^{separators}]+").finditer(text)]


def _split_grouped(text: str, separators: str) -> list[ListItem]:
    items: list[ListItem] = []
    start = level = 0
    for found in _pattern(rf"[{{}}]|[{separators}]+").finditer(text):
        if found[0] == "{":
            level += 1
        elif found[0] == "}":
            level -= level > 0
        elif level == 0:
            if found.start() > start:
                items.append(ListItem(text[start : found.start()], start, found.start()))
            start = found.end()
    if start < len(text):
        items.append(ListItem(text[start:], start, len(text)))
    return items


class Group(NamedTuple):
    """What is in a text of the form ``{ payload }``, ``text[start:end]``."""

    payload: str
    start: int
    end: int
    error: str
    """What is wrong, in Postfix's words; empty if nothing is. Some programs go on regardless."""


def open_group(text: LogicalText | str) -> Group:
    """The payload of a brace group, white space around it not counted."""
    text = str(text)
    if not text.startswith("{"):
        return _group(text, 0, len(text), f"no '{{' at start of text in \"{text}\"")
    level = 0
    for found in _pattern("[{}]").finditer(text):
        level += 1 if found[0] == "{" else -1
        if level == 0:
            error = f"syntax error after '}}' in \"{text}\"" if found.end() < len(text) else ""
            return _group(text, 1, found.start(), error)
    return _group(text, 1, len(text), f"missing '}}' in \"{text}\"")


def _group(text: str, start: int, end: int, error: str) -> Group:
    payload = text[start:end].rstrip(WHITE_SPACE)
    start += len(payload) - len(payload.lstrip(WHITE_SPACE))
    payload = payload.lstrip(WHITE_SPACE)
    return Group(payload, start, start + len(payload), error)


@cache
def _pattern(expression: str) -> re.Pattern[str]:
    return re.compile(expression)
