"""Reading the files of rspamd."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from .entries import Entry, EntryFile, written
from .grammar import Parsed, ParseError, Parser, Token
from .source import Source, Span

__all__ = ["ParseError", "parse_ucl"]

_DEEPEST = 50


def parse_ucl(source: Source) -> EntryFile:
    """The entries of one file. Raises ParseError for a text that is not UCL.

    An element of a list has the list's head around it, and no name of its own.
    """
    return EntryFile(source, _inside(source, _parser().parse(source.text), ()))


@cache
def _parser() -> Parser:
    return Parser("ucl")


def _inside(source: Source, parsed: Parsed, within: tuple[Entry, ...]) -> Iterator[Entry]:
    """The entries of an object or list, and of the whole text. Raises ParseError where they nest too deep."""
    if len(within) > _DEEPEST:
        raise ParseError(f"{source.path}: nests more than {_DEEPEST} deep")
    for child in parsed.children:
        if child.rule != "member":
            yield from _entries(source, None, child, within)
            continue
        key, *labels, value = child.children
        name = key.children[0] if isinstance(key, Parsed) else key
        around = within
        for label in labels:
            head = _head(source, _span(source, name), around)
            yield head
            around, name = (*around, head), label.children[0]
        yield from _entries(source, name, value, around)


def _entries(
    source: Source, name: Token | None, value: Parsed | Token, within: tuple[Entry, ...]
) -> Iterator[Entry]:
    inner = value.children[0] if isinstance(value, Parsed) and value.rule == "value" else value
    if isinstance(inner, Parsed):
        head = _head(source, _place(source, name, within), within)
        yield head
        yield from _inside(source, inner, (*within, head))
    else:
        text = written(source, *_span(source, inner))
        place = _span(source, name) if name is not None else Span(text.span.start, text.span.start)
        yield Entry(source, place, text, within, is_section=False)


def _head(source: Source, name: Span, within: tuple[Entry, ...]) -> Entry:
    return Entry(source, name, written(source, name.end, name.end), within, is_section=True)


def _place(source: Source, name: Token | None, within: tuple[Entry, ...]) -> Span:
    """Where a section is named; one that is an element of a list counts as standing at the list's name."""
    if name is not None:
        return _span(source, name)
    return Span(within[-1].name_span.end, within[-1].name_span.end)


def _span(source: Source, token: Token) -> Span:
    """Of a word, without quotes and white space at its end."""
    start, end = token.start_pos, token.end_pos
    if token.type == "STRING":
        return Span(start + 1, end - 1)
    return Span(start, start + len(source.text[start:end].rstrip()))
