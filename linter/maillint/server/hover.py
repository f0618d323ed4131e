"""What is said of the thing under the pointer."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from maillint.engine.suppression import words_of
from maillint.postfix.master import COMMAND, FIELDS, program
from maillint.record import NamedTuple
from maillint.report.words.reference import code
from maillint.syntax.source import Location, Source, Span
from maillint.syntax.tree import MainCf, Service, Setting

from . import pages
from .occurrences import FILE, PARAMETER, at, service_of

if TYPE_CHECKING:
    from .analysis import Analysis

_WORD = re.compile(r"[^\s,{}=$()]+")
_FIELDS = (
    "what it listens on, or is called",
    "`inet`, `unix`, `unix-dgram`, `fifo` or `pass`",
    "`y`: only Postfix itself may connect (`-`: y)",
    "`y`: runs as `mail_owner` (`-`: y)",
    "`y`: shut in the queue directory (`-`: n with `compatibility_level` 1 or more, else y)",
    "how often it is woken, in seconds; `0` or `-`: never; `?`: only if it is used",
    "how many processes at most; `0`: any number; `-`: `default_process_limit`",
    "the program, with its options",
)
"""master(5), in the order of the fields."""


class Hover(NamedTuple):
    """Markdown, and what it is about."""

    text: str
    location: Location


def hover(analysis: Analysis, path: str, offset: int) -> Hover | None:
    """What there is to say at *offset* of the file at *path*; None: nothing."""
    about = _thing(analysis, path, offset)
    found = [
        (finding, pages.rule(rule, analysis.plan.registry))
        for finding in analysis.findings(path)
        if _covers(finding.location, analysis, path, offset)
        and (rule := analysis.plan.registry.rules.get(finding.rule)) is not None
    ]
    texts = [about.text] if about is not None else []
    texts += dict.fromkeys(page for _, page in found)
    if not texts:
        return None
    location = about.location if about is not None else found[0][0].location
    return Hover("\n\n---\n\n".join(texts), location)


def _covers(location: Location, analysis: Analysis, path: str, offset: int) -> bool:
    """Whether *location*, which may be of an excerpt, is about *offset* of the whole file."""
    position = analysis.source(path).position(offset)
    return location.start <= position <= max(location.end, location.start)


def _thing(analysis: Analysis, path: str, offset: int) -> Hover | None:
    tree = analysis.tree(path)
    if tree is None:
        return None
    source = tree.source
    config = analysis.configuration
    here = at(config, path, offset)
    if here is not None:
        if here.kind == PARAMETER:
            return Hover(pages.parameter(analysis, here.view, here.name), here.location)
        if here.kind == FILE:
            return Hover(_file(here.name), here.location)
        service = service_of(config, here)
        if service is not None:
            text = f"**{service.id}**, {pages.place(analysis, service)}\n\n{code(_entry(service))}"
            return Hover(text, here.location)
    line = source.line(source.position(offset).line)
    if line.lstrip().startswith("#"):
        return _comment(analysis, source, offset)
    for node in tree.nodes if isinstance(tree, MainCf) else tree.services:
        if node.span.start <= offset < node.span.end:
            if isinstance(node, Setting):
                return _in_value(analysis, node, offset)
            if isinstance(node, Service):
                return _in_service(analysis, node, offset)
    return None


def _file(path: str) -> str:
    size = os.path.getsize(path) if os.path.exists(path) else 0
    return f"{code(path)}, {size} bytes"


def _entry(service: Service) -> str:
    return " ".join(word.text for word in (*service.fields, *service.arguments))


def _comment(analysis: Analysis, source: Source, offset: int) -> Hover | None:
    """The rule that an ignore comment names."""
    number = source.position(offset).line
    start = source.line_start(number)
    comment = Location(source, Span(start, start + len(source.line(number))))
    for name in words_of(comment):
        rule = analysis.plan.registry.rules.get(name.text)
        if rule is not None and name.span.start <= offset <= name.span.end:
            return Hover(pages.rule(rule, analysis.plan.registry), name)
    return None


def _in_service(analysis: Analysis, service: Service, offset: int) -> Hover | None:
    for option in service.options:
        if option.span.start <= offset <= option.span.end:
            return _in_value(analysis, option, offset)
    for number, field in enumerate(service.fields):
        if field.span.start <= offset <= field.span.end:
            text = f"**{FIELDS[number]}**: {_FIELDS[number]}"
            found = program(analysis.configuration, service) if number == COMMAND else None
            if found is not None:
                text = pages.program(found)
            return Hover(text, field.location())
    return None


def _in_value(analysis: Analysis, setting: Setting, offset: int) -> Hover | None:
    """The word of a value, or the parameter that has it."""
    view = analysis.view(setting.service)
    value = setting.value
    at = value.offset(offset)
    parameter = analysis.configuration.parameter(setting.name)
    for word in _WORD.finditer(value.text):
        if word.start() <= at <= word.end():
            location = value.location(*word.span())
            type, colon, _ = word[0].partition(":")
            known = pages.table_type(type) if colon else None
            takes = parameter is None or parameter.kind == "restrictions"
            page = known or (pages.restriction(word[0]) if takes else None)
            if page is not None:
                return Hover(page, location)
    return Hover(pages.parameter(analysis, view, setting.name), setting.name_location)
