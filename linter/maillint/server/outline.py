"""The symbols of a file, and what can be folded away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.postfix.master import NAME
from maillint.record import NamedTuple
from maillint.syntax.source import Location, Span
from maillint.syntax.tree import MainCf, MasterCf, Service, Setting, Trivia

if TYPE_CHECKING:
    from maillint.syntax.source import Source

_LONGEST = 80
SETTING = "setting"
SERVICE = "service"
COMMENT = "comment"
REGION = "region"


class Symbol(NamedTuple):
    """A setting or a service."""

    kind: str
    """:data:`SETTING` or :data:`SERVICE`."""
    name: str
    detail: str
    location: Location
    """All of it."""
    name_location: Location
    children: tuple[Symbol, ...] = ()


class Fold(NamedTuple):
    """Lines, counted from 1, of which the first stays."""

    first: int
    last: int
    kind: str
    """:data:`COMMENT` or :data:`REGION`."""


def symbols(tree: MainCf | MasterCf) -> list[Symbol]:
    """The settings of a main.cf, or the services of a master.cf with their ``-o``."""
    if isinstance(tree, MainCf):
        return [_of_setting(setting) for setting in tree.settings]
    return [_of_service(service) for service in tree.services]


def _of_setting(setting: Setting) -> Symbol:
    end = max(setting.value.span.end, setting.name_span.end)
    location = Location(setting.source, Span(min(setting.span.start, setting.name_span.start), end))
    return Symbol(SETTING, setting.name, shortened(setting.value.text), location, setting.name_location)


def _of_service(service: Service) -> Symbol:
    last = (*service.fields, *service.arguments)[-1]
    location = Location(service.source, Span(service.span.start, last.span.end))
    options = tuple(_of_setting(option) for option in service.options)
    return Symbol(SERVICE, service.id, service.command, location, service.fields[NAME].location(), options)


def shortened(text: str, longest: int = _LONGEST) -> str:
    """*text* on one line, no longer than *longest* characters."""
    text = " ".join(text.split())
    return text if len(text) <= longest else text[: longest - 1] + "…"


def folds(tree: MainCf | MasterCf) -> list[Fold]:
    """Settings and services that go over several lines, and runs of comments."""
    found: list[Fold] = []
    for node in tree.nodes:
        if isinstance(node, Trivia):
            found += _comments(node.source, node.span)
            continue
        first, last = _lines(node.source, node.span)
        if last > first:
            found.append(Fold(first, last, REGION))
    return found


def _comments(source: Source, span: Span) -> Iterator[Fold]:
    first, last = _lines(source, span)
    start: int | None = None
    for number in range(first, last + 2):
        is_comment = number <= last and source.line(number).lstrip().startswith("#")
        if is_comment and start is None:
            start = number
        elif not is_comment and start is not None:
            if number - 1 > start:
                yield Fold(start, number - 1, COMMENT)
            start = None


def _lines(source: Source, span: Span) -> tuple[int, int]:
    """The first line of *span*, and its last that holds something."""
    text = source.text[span.start : span.end].rstrip()
    return source.position(span.start).line, source.position(span.start + len(text)).line
