"""What may be written at a place: names of parameters, words of a value, restrictions, tables, services."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from maillint.engine.discovery import MAIN_CF, MASTER_CF
from maillint.postfix import catalogue, vocabulary
from maillint.postfix.beside import USUAL
from maillint.postfix.master import COMMAND, LIMIT, NAME, TYPE, TYPES, WAKEUP
from maillint.postfix.references import SERVICE, TRANSPORT, defined
from maillint.postfix.restrictions import CLASSES
from maillint.postfix.tables import type_names
from maillint.postfix.typed import BOOLEANS
from maillint.syntax.source import Span

from . import pages
from .cursor import ARGUMENT, COMMENT, FIELD, Cursor, in_main_cf, in_master_cf
from .cursor import NAME as PARAMETER_NAME

if TYPE_CHECKING:
    from maillint.postfix.catalogue import Parameter
    from maillint.postfix.configuration import Configuration, View

    from .analysis import Analysis

PARAMETER = "parameter"
WORD = "word"
RESTRICTION = "restriction"
TABLE_TYPE = "table-type"
FILE = "file"
ENTRY = "service"
PROGRAM = "program"
RULE = "rule"

MOST = 200
"""How many are offered at once: a longer list is asked for again when more is written."""

_REFERENCE = re.compile(r"\$[({]?([A-Za-z0-9_]*)\Z")
_REST_OF_WORD = re.compile(r"\A[A-Za-z0-9_]*")
_LAST = re.compile(r"[^\s,{}()$]*\Z")
_IGNORE = re.compile(r"maillint:\s*ignore(?:-file|-start|-end)?\s*\[(?:[^\]]*[\s,])?([^\]\s,]*)\Z")
_TABLE_KINDS = ("maps", "table", "match-list", "server-acl")
_INDEXES = (".db", ".lmdb", ".cdb", ".dir", ".pag")
_SERVICE_KINDS = {"transport": TRANSPORT, "nexthops": TRANSPORT, "service": SERVICE}


class Completion(NamedTuple):
    """Something that may be written."""

    label: str
    kind: str
    detail: str = ""
    suffix: str = ""
    """What is written behind it."""
    is_likely: bool = False
    """Whether it comes before the others."""


class Completions(NamedTuple):
    """What may take the place of a span."""

    span: Span
    items: list[Completion]
    is_complete: bool
    """False: there are more, when nothing more is written."""


def complete(analysis: Analysis, path: str, offset: int) -> Completions | None:
    """What may be written at *offset* of the file at *path*; None: nothing is known about that."""
    tree = analysis.tree(path)
    if tree is None:
        return None
    if path == analysis.target.main:
        cursor = in_main_cf(tree.source, offset)
        view = analysis.configuration.main_view
    else:
        cursor = in_master_cf(tree.source, offset)
        view = _view_at(analysis, offset)
    word, items = _items(analysis, view, cursor)
    found = _matching(items, word)
    line, column = tree.source.position(offset)
    behind = tree.source.line(line)[column - 1 :]
    shown = [item._replace(suffix=_missing(item.suffix, behind)) for item in found[:MOST]]
    return Completions(Span(offset - len(word), offset), shown, len(found) <= MOST)


def _missing(suffix: str, behind: str) -> str:
    """*suffix*, unless it stands *behind* the word already."""
    rest = _REST_OF_WORD.sub("", behind)
    there = rest.lstrip().startswith(suffix.strip()) if suffix.strip() else rest[:1].isspace()
    return "" if there else suffix


def _view_at(analysis: Analysis, offset: int) -> View:
    services = [service for service in analysis.configuration.services if service.span.start <= offset]
    return analysis.view(services[-1] if services else None)


def _matching(items: Iterable[Completion], word: str) -> list[Completion]:
    """The *items* that *word* is the beginning of, or a part; each label once, the likely ones first."""
    once = {item.label: item for item in reversed(list(items))}
    folded = word.lower()
    found = [item for item in once.values() if folded in item.label.lower()]

    def order(item: Completion) -> tuple[bool, bool, str]:
        return not item.label.lower().startswith(folded), not item.is_likely, item.label

    return sorted(found, key=order)


def _items(analysis: Analysis, view: View, cursor: Cursor) -> tuple[str, Iterable[Completion]]:
    """The word that is being written, and what it may become."""
    config = analysis.configuration
    if cursor.kind == COMMENT:
        found = _IGNORE.search(cursor.text)
        if found is None:
            return "", ()
        rules = analysis.plan.registry.rules.values()
        return found[1], (Completion(rule.id, RULE, rule.summary) for rule in rules)
    if cursor.kind == FIELD:
        return cursor.text, _field(config, cursor)
    if cursor.kind == ARGUMENT:
        options = (Completion("-o", WORD, "-o name=value: another setting for this service", " "),)
        return cursor.text, options if cursor.text in ("", "-") else ()
    if cursor.kind == PARAMETER_NAME:
        return cursor.text, _names(config, view, " = " if view.service is None else "=")
    reference = _REFERENCE.search(cursor.text)
    if reference is not None:
        return reference[1], _names(config, view, "", only_set_likely=True)
    last = _LAST.search(cursor.text)
    assert last is not None  # it matches everything
    return _value(config, view, cursor, last[0])


# --- names -----------------------------------------------------------------------------------------------


def _names(
    config: Configuration, view: View, suffix: str, only_set_likely: bool = False
) -> Iterator[Completion]:
    """The parameters of this version and what users made up; likely are those that the program reads."""
    program = view.daemon
    for name in config.settings:
        yield Completion(name, PARAMETER, _detail(config, name), suffix, only_set_likely)
    for name in catalogue.names(config.version):
        parameter = catalogue.parameter(name)
        reads = program is not None and parameter is not None and program in parameter.read_by
        yield Completion(name, PARAMETER, _detail(config, name), suffix, reads and not only_set_likely)
    for found in catalogue.service_parameters(config.services, config.version):
        yield Completion(found.name, PARAMETER, _detail(config, found.name), suffix)
    if not only_set_likely:
        for name in sorted(config.names.main):
            yield Completion(name, PARAMETER, "", suffix)


def _detail(config: Configuration, name: str) -> str:
    parameter = config.parameter(name)
    if parameter is None:
        return ""
    default = parameter.default_in(config.version)
    shown = "of the host" if default is None else default or "(empty)"
    return f"{parameter.type_in(config.version)}, default {shown}"


# --- values ----------------------------------------------------------------------------------------------


def _value(config: Configuration, view: View, cursor: Cursor, word: str) -> tuple[str, Iterable[Completion]]:
    parameter = config.parameter(cursor.parameter)
    kind = parameter.kind if parameter is not None else ""
    if kind == "restrictions" or cursor.parameter in _class_names(view):
        return _restriction(config, view, cursor.text, word)
    if parameter is None:
        return "", ()
    if parameter.type_in(config.version) in BOOLEANS:
        return word, (Completion(text, WORD) for text in ("yes", "no"))
    if parameter.enumeration is not None:
        words = parameter.enumeration.words_in(config.version)
        return word, (Completion(text, WORD) for text in words)
    start = kind.partition(":")[0]
    if start in _TABLE_KINDS or kind == "list:table":
        return _table(config, word, _words(parameter))
    if start in _SERVICE_KINDS:
        return word, _services(config, _SERVICE_KINDS[start])
    if start in ("file", "directory") or kind == "list:file":
        return word, _files(config)
    if cursor.parameter == CLASSES:
        return word, (Completion(name, PARAMETER) for name in config.settings if not config.parameter(name))
    return word, _words(parameter)


def _words(parameter: Parameter) -> Iterator[Completion]:
    """What the default has, which is often a part of the value that is wanted."""
    for text in re.split(r"[\s,]+", parameter.default or ""):
        if text and not text.startswith("{"):
            yield Completion(text, WORD, "in the default")


def _class_names(view: View) -> frozenset[str]:
    return frozenset(item.text for item in view.value(CLASSES).items(braces=False) if item.known)


def _restriction(config: Configuration, view: View, text: str, word: str) -> tuple[str, Iterable[Completion]]:
    before = re.split(r"[\s,{}]+", text[: len(text) - len(word)].strip(" \t\r\n,{"))[-1]
    fact = vocabulary.restriction(before)
    if fact is not None and fact.argument:
        return _table(config, word, ()) if fact.argument == "table" else ("", ())
    if ":" in word:
        return _table(config, word, ())
    return word, _restrictions(config, view)


def _restrictions(config: Configuration, view: View) -> Iterator[Completion]:
    for name in _class_names(view):
        yield Completion(name, RESTRICTION, "restriction class", is_likely=True)
    for name in vocabulary.restriction_names():
        fact = vocabulary.restriction(name)
        assert fact is not None  # it is in the list
        gone = (fact.deprecated, fact.until)
        if fact.since.within(config.version) and not any(end and config.version.has(end) for end in gone):
            yield Completion(fact.name, RESTRICTION, fact.effect, " " if fact.argument else "")


def _table(
    config: Configuration, word: str, others: Iterable[Completion]
) -> tuple[str, Iterable[Completion]]:
    *types, name = word.split(":")
    if types:
        known = vocabulary.table_types().get(types[-1])
        if known is not None and known.name in ("index", "text", "client"):
            return name, _files(config)
    # `proxy:` comes before another type.
    return name, [
        *(_types(config) if types in ([], ["proxy"], ["debug"]) else ()),
        *(() if types else others),
    ]


def _types(config: Configuration) -> Iterator[Completion]:
    for name in type_names(config.version):
        known = vocabulary.table_types()[name]
        package = f"Debian's package {known.package}" if known.package else ""
        yield Completion(f"{name}:", TABLE_TYPE, package)


def _files(config: Configuration) -> Iterator[Completion]:
    """The files beside main.cf, as Postfix will know them."""
    try:
        names = sorted(os.listdir(config.directory or ""))
    except OSError:
        return
    for name in names:
        if name not in (MAIN_CF, MASTER_CF) and not name.startswith(".") and not name.endswith(_INDEXES):
            yield Completion(f"{USUAL}/{name}", FILE)


def _services(config: Configuration, kind: str) -> Iterator[Completion]:
    for name, service in defined(config, kind).items():
        yield Completion(name, ENTRY, service.command, ":" if kind == TRANSPORT else "")


# --- fields of master.cf ---------------------------------------------------------------------------------


def _field(config: Configuration, cursor: Cursor) -> Iterator[Completion]:
    field = cursor.field
    if field == NAME:
        for name in ("smtp", "submission", "submissions"):
            yield Completion(name, ENTRY, "", " ")
    elif field == TYPE:
        for name in TYPES:
            yield Completion(name, WORD, "", " ")
    elif field == COMMAND:
        for name, program in vocabulary.programs().items():
            if program.since.within(config.version):
                yield Completion(name, PROGRAM, "program of Postfix")
    elif field not in (WAKEUP, LIMIT):
        for name in ("-", "y", "n"):
            yield Completion(name, WORD, "", " ")


def documentation(analysis: Analysis, kind: str, label: str, service: str = "") -> str | None:
    """More about one completion, in Markdown."""
    if kind == PARAMETER:
        view = analysis.configuration.view(service) or analysis.configuration.main_view
        return pages.parameter(analysis, view, label)
    if kind == RESTRICTION:
        return pages.restriction(label)
    if kind == TABLE_TYPE:
        return pages.table_type(label.removesuffix(":"))
    rule = analysis.plan.registry.rules.get(label) if kind == RULE else None
    return pages.rule(rule, analysis.plan.registry) if rule is not None else None
