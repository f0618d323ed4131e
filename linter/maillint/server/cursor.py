"""What the text before the cursor is about, whether or not its line is already a right one."""

from __future__ import annotations

import re

from maillint.engine.suppression import head_line
from maillint.postfix.master import COMMAND
from maillint.record import NamedTuple
from maillint.syntax.source import Source

NAME = "name"
"""The name of a parameter."""
VALUE = "value"
"""The value of a parameter."""
FIELD = "field"
"""One of the first eight words of a master.cf entry."""
ARGUMENT = "argument"
"""A word behind them."""
COMMENT = "comment"


class Cursor(NamedTuple):
    """The place before which something is written."""

    kind: str
    text: str
    """What stands before the cursor, of the name, the value, the field, the argument or the comment."""
    parameter: str = ""
    """Of a value."""
    field: int = 0
    words: tuple[str, ...] = ()
    """The words of a master.cf entry before the one that is being written."""


_WORD = re.compile(r"\S*\Z")
_SETTING = re.compile(r"\s*([^\s=]+)\s*=\s*(.*)\Z", re.DOTALL)


def in_main_cf(source: Source, offset: int) -> Cursor:
    """What is being written at *offset* of a main.cf."""
    text = logical_text_before(source, offset)
    if text.startswith("#"):
        return Cursor(COMMENT, text)
    return _setting(text)


def in_master_cf(source: Source, offset: int) -> Cursor:
    """What is being written at *offset* of a master.cf."""
    text = logical_text_before(source, offset)
    if text.startswith("#"):
        return Cursor(COMMENT, text)
    # A `{ name = value }` is one word, open or closed.
    option = re.search(r"(?s)\s-o\s*\{\s*([^}]*)\Z", text)
    if option is not None:
        return _setting(option[1])
    word = _WORD.search(text)
    assert word is not None  # it matches everything
    words = tuple(text[: word.start()].split())
    if len(words) <= COMMAND:
        return Cursor(FIELD, word[0], field=len(words), words=words)
    if words[-1] == "-o":
        return _setting(word[0])
    if word[0].startswith("-o"):
        return _setting(word[0][2:])
    return Cursor(ARGUMENT, word[0], words=words)


def _setting(text: str) -> Cursor:
    found = _SETTING.match(text)
    return Cursor(NAME, text.lstrip()) if found is None else Cursor(VALUE, found[2], found[1])


def logical_text_before(source: Source, offset: int) -> str:
    """The logical line up to *offset*; of a comment, its line alone, which begins with ``#`` then."""
    line, column = source.position(offset)
    here = source.line(line)[: column - 1]
    if here.lstrip().startswith("#"):
        return here.lstrip()
    if not here[:1].isspace():
        return here
    # As if something stood here already: a blank line goes on with nothing.
    above = [source.line(number).encode("utf-8", "surrogateescape") for number in range(1, line)]
    head = head_line([*above, b" x"], line - 1)
    lines = [source.line(number) for number in range(head + 1, line)]
    return "\n".join([*(text for text in lines if not text.lstrip().startswith("#")), here])
