"""Where the names of parameters, files and services stand in a configuration, and what they lead to."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from maillint.postfix.elsewhere import located
from maillint.postfix.master import NAME
from maillint.postfix.references import defined, services_named, sockets
from maillint.postfix.restrictions import CLASS, CLASSES, access_lists
from maillint.record import NamedTuple
from maillint.syntax.source import Location
from maillint.syntax.value import parse_value, references

if TYPE_CHECKING:
    from maillint.postfix.configuration import Configuration, View
    from maillint.syntax.tree import Service, Setting

PARAMETER = "parameter"
FILE = "file"
SERVICE = "service"

_PATH = re.compile(r"(?<![^\s,{}:=\"])/[^\s,{}\"]+")


class Occurrence(NamedTuple):
    """A name at one place."""

    kind: str
    """:data:`PARAMETER`, :data:`FILE` or :data:`SERVICE`."""
    name: str
    """Of a parameter; the path of a file; ``name/type`` of a service."""
    location: Location
    view: View
    """Of the program that reads it; of main.cf, where several do."""
    is_definition: bool = False
    """Whether it is given its meaning here."""

    def covers(self, offset: int) -> bool:
        return self.location.span.start <= offset <= self.location.span.end


def occurrences(config: Configuration) -> list[Occurrence]:
    """All of them."""
    known: list[Occurrence] | None = config.memo.get("server.occurrences")
    if known is None:
        found = [*_in_settings(config), *_classes(config), *_services(config)]
        known = config.memo["server.occurrences"] = list(dict.fromkeys(found))
    return known


def at(config: Configuration, path: str, offset: int) -> Occurrence | None:
    """The one at *offset* of the file at *path*: of several, the one that covers the least."""
    found = [
        occurrence
        for occurrence in occurrences(config)
        if occurrence.location.source.path == path and occurrence.covers(offset)
    ]
    return min(found, key=lambda one: one.location.span.end - one.location.span.start, default=None)


def alike(config: Configuration, occurrence: Occurrence) -> list[Occurrence]:
    """All of the same thing, itself included."""
    return [other for other in occurrences(config) if other[:2] == occurrence[:2]]


def _in_settings(config: Configuration) -> Iterator[Occurrence]:
    for view, setting in settings(config):
        yield Occurrence(PARAMETER, setting.name, setting.name_location, view, True)
        text = setting.value.text
        if "$" in text:
            for reference in references(parse_value(text)):
                if reference.name:
                    location = setting.value.location(reference.start, reference.end)
                    yield Occurrence(PARAMETER, reference.name, location, view)
        if "/" in text:
            yield from _paths(config, view, setting)


def settings(config: Configuration) -> Iterator[tuple[View, Setting]]:
    """Every setting of main.cf, and every ``-o``, those that others overrule included."""
    for setting in config.main.settings if config.main is not None else ():
        yield config.main_view, setting
    for service in config.services:
        for option in service.options:
            yield config.view(service.id) or config.main_view, option


def _paths(config: Configuration, view: View, setting: Setting) -> Iterator[Occurrence]:
    value = view.value(setting.name)
    if value.setting is not setting or value.text is None:
        return
    for found in _PATH.finditer(value.text):
        path = located(config, found[0])
        location = value.location(*found.span())
        if path is not None and location is not None and os.path.isfile(path):
            yield Occurrence(FILE, path, location, view)


def _classes(config: Configuration) -> Iterator[Occurrence]:
    for view in config.views:
        if view.service is not None and (view.daemon != "smtpd" or not view.options):
            continue
        lists = access_lists(view)
        for item in view.value(CLASSES).items(braces=False):
            if item.location is not None and view.is_set(item.text):
                yield Occurrence(PARAMETER, item.text, item.location, view)
        for found in (*lists.lists.values(), *lists.classes.values()):
            for word in found.restrictions:
                if word.kind == CLASS and word.word.location is not None:
                    yield Occurrence(PARAMETER, word.name, word.word.location, view)


def _services(config: Configuration) -> Iterator[Occurrence]:
    for service in config.services:
        view = config.view(service.id) or config.main_view
        yield Occurrence(SERVICE, service.id, service.fields[NAME].location(), view, True)
    for reference in (*services_named(config), *sockets(config)):
        meant = defined(config, reference.kind).get(reference.name)
        if meant is not None and reference.location is not None:
            yield Occurrence(SERVICE, meant.id, reference.location, reference.view)


def service_of(config: Configuration, occurrence: Occurrence) -> Service | None:
    """The entry that a :data:`SERVICE` means."""
    view = config.view(occurrence.name)
    return view.service if view is not None else None
