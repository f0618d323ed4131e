"""What each word is, for colours that know more than a pattern does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from maillint.postfix.master import COMMAND, NAME, TYPE
from maillint.postfix.restrictions import BUILT_IN, access_lists
from maillint.postfix.tables import is_known_type
from maillint.postfix.typed import BOOLEANS, NUMBERS
from maillint.record import NamedTuple
from maillint.syntax.lists import split_list
from maillint.syntax.source import Location, Span

from .occurrences import PARAMETER, occurrences, settings

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, View
    from maillint.syntax.source import Source
    from maillint.syntax.tree import Setting

    from .analysis import Analysis

TYPES = (
    "comment", "property", "variable", "function", "type", "enumMember", "keyword", "number", "class",
    "operator",
)  # fmt: skip
MODIFIERS = ("deprecated", "declaration")

_COMMENT = re.compile(r"^[ \t\v\f\r]*#.*$", re.MULTILINE)
_TABLE = re.compile(r"(?<![\w:])([a-z]+):(?=[^\s,])")


class Token(NamedTuple):
    """A word within one line."""

    start: int
    end: int
    type: str
    modifier: str = ""


Found = tuple[Location, str, str]
"""Where a word stands, its type, and its modifier or nothing."""


def tokens(analysis: Analysis, path: str) -> list[Token]:
    """The words of the file at *path* that mean something, in order; none overlaps another."""
    tree = analysis.tree(path)
    if tree is None:
        return []
    source = tree.source
    comments = (Token(*comment.span(), "comment") for comment in _COMMENT.finditer(source.text))
    words = (
        Token(*location.span, type, modifier)
        for location, type, modifier in _words(analysis.configuration)
        if location.source.path == path
    )
    return _in_order((*comments, *words), source)


def _words(config: Configuration) -> Iterator[Found]:
    for occurrence in occurrences(config):
        if occurrence.kind == PARAMETER and not occurrence.is_definition:
            yield occurrence.location, "variable", ""
    for service in config.services:
        for field, type in ((NAME, "class"), (TYPE, "type"), (COMMAND, "function")):
            yield service.fields[field].location(), type, ""
    for view, setting in settings(config):
        yield from _of_setting(config, view, setting)
    for view in config.views:
        if view.service is None or (view.daemon == "smtpd" and view.options):
            yield from _restrictions(view)


def _of_setting(config: Configuration, view: View, setting: Setting) -> Iterator[Found]:
    parameter = config.parameter(setting.name)
    outdated = parameter is not None and parameter.deprecated and config.version.has(parameter.deprecated)
    yield setting.name_location, "property", "deprecated" if outdated else "declaration"
    text = setting.value.text
    if setting.service is not None:
        yield Location(setting.source, Span(setting.span.start, setting.span.start + 2)), "operator", ""
    if parameter is None or not text:
        return
    type = parameter.type_in(config.version)
    if "$" not in text and (type in NUMBERS or type == "time"):
        yield setting.value.location(), "number", ""
    elif type in BOOLEANS and "$" not in text:
        yield setting.value.location(), "keyword", ""
    elif parameter.enumeration is not None:
        words = frozenset(parameter.enumeration.words_in(config.version))
        for item in split_list(text, braces=False):
            if item.text in words:
                yield setting.value.location(item.start, item.end), "enumMember", ""
    for table in _TABLE.finditer(text):
        if is_known_type(table[1], config.version):
            yield setting.value.location(*table.span(1)), "type", ""


def _restrictions(view: View) -> Iterator[Found]:
    lists = access_lists(view)
    for found in (*lists.lists.values(), *lists.classes.values()):
        for word in found.restrictions:
            if word.kind == BUILT_IN and word.word.location is not None:
                outdated = word.fact is not None and word.fact.deprecated
                yield word.word.location, "function", "deprecated" if outdated else ""


def _in_order(found: Iterable[Token], source: Source) -> list[Token]:
    """Of tokens that overlap the first; none that goes over the end of a line."""
    kept: list[Token] = []
    for token in sorted(found, key=lambda token: (token.start, token.end)):
        text = source.text[token.start : token.end]
        if text and "\n" not in text and (not kept or token.start >= kept[-1].end):
            kept.append(token)
    return kept
