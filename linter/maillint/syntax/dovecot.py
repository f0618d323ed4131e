"""Reading the files of Dovecot, those of 2.3 and those of 2.4."""

from __future__ import annotations

import re
from functools import cache

from .entries import Entry, EntryFile, written
from .grammar import Parser, Token
from .logical import with_final_newline
from .source import LogicalText, Source, Span

INCLUDE = "!include"
INCLUDE_TRY = "!include_try"

_QUOTED = r'"(?:\\.|[^"\\\n])*"|' r"'(?:\\.|[^'\\\n])*'"
_VALUE = re.compile(rf"(?:{_QUOTED}|[^#\n])*")
"""A value up to a comment."""
_SPACE = " \t\v\f\r\n"
_DEEPEST = 20
"""How many sections in sections are told apart; no real file comes near."""
_LONGEST = 10_000
"""A longer value is not searched for a comment."""


def parse_dovecot(source: Source) -> EntryFile:
    """The entries of one file. Every text has a tree; what Dovecot refuses is left out."""
    entries: list[Entry] = []
    within: tuple[Entry, ...] = ()
    too_deep = 0
    for rule, tokens in _parser().parse(with_final_newline(source)).children:
        if rule == "closing":
            within, too_deep = (within, too_deep - 1) if too_deep else (within[:-1], 0)
        elif rule in _VALUES and len(tokens) > 1:
            name, rest = tokens
            start = name.end_pos - len(name.lstrip())
            value = _VALUES[rule](source, rest)
            is_section = rule == "opening"
            entry = Entry(source, Span(start, name.end_pos), value, within, is_section=is_section)
            entries.append(entry)
            if is_section and len(within) == _DEEPEST:
                too_deep += 1
            elif is_section:
                within = (*within, entry)
    return EntryFile(source, entries)


@cache
def _parser() -> Parser:
    return Parser("dovecot")


def _title(source: Source, rest: Token) -> LogicalText:
    """What stands between the name of a section and its brace, without quotes."""
    text = source.text[rest.start_pos : rest.end_pos]
    return _trimmed(source, rest.start_pos, rest.start_pos + text.rindex("{", 0, _comment(text)))


def _comment(text: str) -> int:
    found = _VALUE.match(text) if len(text) < _LONGEST else None
    return found.end() if found is not None else len(text)


def _text(source: Source, rest: Token) -> LogicalText:
    """The value of a setting, or what is to be included: lines joined, comments and quotes taken off."""
    start = rest.start_pos
    text = source.text[start : rest.end_pos]
    start += len(text) - len(text.lstrip("= \t\v\f\r"))
    end = min(rest.end_pos, len(source.text))
    if "\\\n" not in text:
        return _trimmed(source, start, start + _comment(source.text[start:end]))
    kept, pieces, length = [], [], 0
    for line in re.finditer(r"[^\n]+", source.text[start:end]):
        part = line[0][: _comment(line[0])].rstrip(_SPACE).removesuffix("\\").strip(_SPACE)
        if part:
            pieces.append((length, start + line.start() + line[0].index(part)))
            kept.append(part)
            length += len(part) + 1
    return LogicalText(source, " ".join(kept), tuple(pieces) or ((0, start),))


def _trimmed(source: Source, start: int, end: int) -> LogicalText:
    text = source.text[start:end]
    bare = text.strip(_SPACE)
    start += text.index(bare)
    if len(bare) > 1 and bare[0] in "\"'" and bare[-1] == bare[0]:
        return written(source, start + 1, start + len(bare) - 1)
    return written(source, start, start + len(bare))


_VALUES = {"setting": _text, "opening": _title, "other": _text}
"""By rule of the grammar, what makes the value of an entry."""
