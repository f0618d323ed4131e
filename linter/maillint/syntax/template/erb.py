"""ERB and EPP, as Puppet and Chef use them (Ruby's class ERB with trim mode ``-``; Puppet's manual)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .tags import BRANCH, CONTROL, ELSE, END, IF, LOOP, OPEN, OUTPUT, Tag

_OPENER = re.compile(r"<%(?!%)")
_CLOSER = "%>"
_OPENS = re.compile(r"(?:\bdo|\{)\s*(?:\|[^|]*\|)?\s*\{?\s*$")
"""The end of a statement that a block of Ruby or Puppet follows."""
_FIRST = re.compile(
    r"(?:\}\s*)?(?P<word>if|unless|case|elsif|else|when|in|end|while|until|for|begin)\b|(?P<brace>\})"
)
_ROLES = {
    "if": IF, "unless": IF, "case": IF, "begin": IF, "while": LOOP, "until": LOOP, "for": LOOP,
    "elsif": BRANCH, "when": BRANCH, "in": BRANCH, "else": ELSE, "end": END,
}  # fmt: skip


def scan(text: str) -> Iterator[Tag]:
    """The tags in *text*, in order; what is never closed is no tag."""
    at = 0
    while found := _OPENER.search(text, at):
        start, end = found.start(), text.find(_CLOSER, found.end())
        if end < 0:
            return
        kind, code = text[found.end() : found.end() + 1], text[found.end() : end]
        at = end + len(_CLOSER)
        is_trimmed = code.endswith("-")
        code = code.strip("-= \t\r\n") if kind != "#" else ""
        if kind == "=":
            # <%= list.map do |x| %>: whatever comes of it.
            role = LOOP if _OPENS.search(code) else ""
            yield Tag(start, at, OPEN if role else OUTPUT, role, joins_after=is_trimmed)
        else:
            yield Tag(start, at, CONTROL, _role(code), joins_after=is_trimmed)


def _role(code: str) -> str:
    """What a tag with *code* is in a block; of several statements the last one counts."""
    if code.startswith("|"):
        return ""  # the parameters of an EPP template
    statements = [line.strip() for line in re.split(r"[;\n]", code)]
    last = next((line for line in reversed(statements) if line and not line.startswith("#")), "")
    found = _FIRST.match(last)
    if found is None:
        return LOOP if _OPENS.search(last) else ""
    if found["brace"]:
        return END
    role = _ROLES[found["word"]]
    # `if a then b end` opens nothing.
    return "" if role in (IF, LOOP) and re.search(r"\bend$|\}$", last) else role
