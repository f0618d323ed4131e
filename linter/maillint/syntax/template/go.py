"""Go's text/template, as Helm, gomplate, confd and consul-template use it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .tags import BRANCH, CONTROL, ELSE, END, IF, LOOP, OPEN, OUTPUT, STRINGS, Tag, closing

# ``${{$name} == ...}`` is Postfix's own.
_OPENER = re.compile(r"\{\{(?!(?<=\$\{\{)\s*\$)")
_CLOSER = re.compile(STRINGS + r"`[^`]*`|(-?\}\})")
_COMMENT = re.compile(r"-?\s*/\*")
_COMMENT_CLOSER = re.compile(r"(\*/\s*-?\}\})")
_ASSIGNMENT = re.compile(r"-?\s*\$\w*(?:\s*,\s*\$\w+)?\s*:?=")
_WORD = re.compile(r"-?\s*(else\s+(?:if|with)|[A-Za-z]\w*)?")
_ROLES = {"if": IF, "with": IF, "range": LOOP, "define": IF, "block": IF, "else": ELSE, "end": END}
_PUT_IN = ("template", "include", "tpl")
_WITHOUT_TEXT = ("break", "continue")


def scan(text: str) -> Iterator[Tag]:
    """The tags in *text*, in order; what is never closed is no tag."""
    at = 0
    while found := _OPENER.search(text, at):
        is_comment = _COMMENT.match(text, found.end()) is not None
        end = closing(text, found.end(), _COMMENT_CLOSER if is_comment else _CLOSER)
        if end is None:
            return
        inside, at = text[found.end() : end.start()], end.end()
        kind, role = (CONTROL, "") if is_comment else _meaning(inside)
        yield Tag(found.start(), at, kind, role, inside[:1] == "-", end[0][-3:-2] == "-", strips=True)


def _meaning(inside: str) -> tuple[str, str]:
    found = _WORD.match(inside)
    word = (found and found[1]) or ""
    if word.startswith("else") and word != "else":
        return CONTROL, BRANCH
    if word in _ROLES:
        return CONTROL, _ROLES[word]
    if word in _PUT_IN:
        return OPEN, ""
    return (CONTROL if word in _WITHOUT_TEXT or _ASSIGNMENT.match(inside) else OUTPUT), ""
