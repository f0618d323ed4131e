"""What postconf(1) prints for a configuration: which names, and their values (postconf/postconf_main.c)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from maillint.syntax.tree import Malformed, Node

from . import catalogue
from .configuration import Configuration
from .names import RESTRICTION_CLASSES, restriction_classes, views_by_service

if TYPE_CHECKING:
    from maillint.syntax.source import Location
    from maillint.syntax.tree import Setting

    from .configuration import View

_TYPES = ("unix", "fifo", "inet", "pass", "unix-dgram")
_FIELDS = ("service", "type", "private", "unprivileged", "chroot", "wakeup", "process limit", "command")
_MALFORMED = {
    Malformed.MISSING_EQUALS: "missing '=' after attribute name",
    Malformed.MISSING_NAME: "missing attribute name",
}
_WORKED_OUT = {
    "mydomain": ("mydomain", "myhostname"),
    "myhostname": ("myhostname", "mydomain"),
    "mynetworks": ("mynetworks", "inet_interfaces", "inet_protocols", "mynetworks_style"),
}
"""The defaults that postconf works out, and the settings that it does so from."""

_WAKEUP = re.compile(r"-?\??|[0-9]*\??")
_LIMIT = re.compile(r"-|[0-9]*")


class RefusalError(Exception):
    """What postconf dies of, and so everything else in Postfix."""

    def __init__(self, message: str, location: Location | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.location = location
        """None: it is about no place in a file."""


def in_force(configuration: Configuration, expand: bool = False) -> dict[str, str]:
    """What ``postconf -n`` prints, with *expand* ``postconf -nx``: the parameters that main.cf sets, sorted.

    Raises RefusalError.
    """
    _check(configuration)
    view = configuration.main_view
    known = [
        name
        for name in configuration.settings
        if configuration.parameter(name) is not None or name in configuration.names.main
    ]
    values = {name: _text(view, name, expand) for name in known}
    if configuration.directory is not None:
        values.setdefault("config_directory", configuration.directory)
    return {name: _folded(values[name]) for name in _sorted(values)}


def defaults(configuration: Configuration, expand: bool = False) -> dict[str, str]:
    """What ``postconf -d`` prints: all parameters with their defaults, those of the services included.

    Raises RefusalError.
    """
    _check_master(configuration)
    version = configuration.version
    bare = Configuration(
        None,
        configuration.master,
        version=version,
        hostname=configuration.hostname,
        host=configuration.host,
    )
    names = [*catalogue.names(version)]
    names += [parameter.name for parameter in catalogue.service_parameters(bare.services, version)]
    return {name: _folded(_text(bare.main_view, name, expand)) for name in _sorted(names)}


def options(configuration: Configuration, service: str, expand: bool = False) -> dict[str, str]:
    """What ``postconf -P`` prints of a service ``name/type``: its ``-o``, each as ``name/type/parameter``.

    Raises RefusalError; KeyError: there is no such service.
    """
    _check(configuration)
    view = views_by_service(configuration).get(service) or configuration.view(service)
    if view is None:
        raise KeyError(service)
    values = {}
    for name in _sorted(view.overrides):
        text = view.overrides[name].value.text
        if expand:
            expansion = view.expand(text)
            _refuse(name, expansion.problem, view.overrides[name])
            text = expansion.text
        values[f"{service}/{name}"] = _folded(text)
    return values


def _text(view: View, name: str, expand: bool) -> str:
    if not expand:
        return view.raw(name) or ""
    value = view.value(name)
    _refuse(name, value.problem, value.setting)
    return value.partial


def _refuse(name: str, problem: str, setting: Setting | None) -> None:
    if problem:
        location = setting.location if setting is not None else None
        raise RefusalError(f"{name} cannot be expanded: {problem}", location)


def _check(configuration: Configuration) -> None:
    """Raise RefusalError for what postconf stumbles over before it prints anything."""
    for malformed in _malformed(configuration.main.nodes if configuration.main else ()):
        if malformed.kind != Malformed.LEADING_WHITESPACE:
            raise RefusalError(_MALFORMED[malformed.kind], malformed.location)
    _check_master(configuration)
    # postconf looks for tables in the expanded values, and works out the defaults (postconf_user.c).
    for view in views_by_service(configuration).values():
        _check_classes(configuration, view.overrides)
        for setting in view.overrides.values():
            _check_expansion(view, setting)
    _check_classes(configuration, configuration.settings)
    for setting in configuration.settings.values():
        _check_expansion(configuration.main_view, setting)
    for name, sources in _WORKED_OUT.items():
        _check_default(configuration.main_view, name, sources)


def _check_default(view: View, name: str, sources: tuple[str, ...]) -> None:
    problem = view.value(name).problem
    if problem:
        setting = next((view.setting(source) for source in sources if view.is_set(source)), None)
        raise RefusalError(f"{name}: {problem}", setting.location if setting is not None else None)


def _check_classes(configuration: Configuration, settings: Mapping[str, Setting]) -> None:
    setting = settings.get(RESTRICTION_CLASSES)
    if setting is not None:
        _refuse(setting.name, restriction_classes(settings, configuration.has_functions).problem, setting)


def _check_expansion(view: View, setting: Setting) -> None:
    if "$" in setting.value.text:
        parameter = view.configuration.parameter(setting.name)
        if parameter is not None and parameter.type != "raw" and not parameter.legacy:
            _refuse(setting.name, view.expand(setting.value.text).problem, setting)


def _check_master(configuration: Configuration) -> None:
    for malformed in _malformed(configuration.master.nodes if configuration.master else ()):
        if malformed.kind != Malformed.LEADING_WHITESPACE:
            raise RefusalError("bad field count: an entry has eight fields", malformed.location)
    for service in configuration.services:
        for column, word in enumerate(service.fields):
            if not _valid(column, word.text):
                raise RefusalError(f'invalid {_FIELDS[column]} field "{word.text}"', word.location())


def _malformed(nodes: Iterable[Node]) -> Iterator[Malformed]:
    return (node for node in nodes if isinstance(node, Malformed))


def _valid(column: int, text: str) -> bool:
    """Whether postconf takes the field (pcf_check_master_entry; master(8) is stricter)."""
    if column == 1:
        return text in _TYPES
    if column in (2, 3, 4):
        return text in ("y", "n", "-")
    if column == 5:
        return _WAKEUP.fullmatch(text) is not None
    return column != 6 or _LIMIT.fullmatch(text) is not None


def _sorted(names: Iterable[str]) -> list[str]:
    """In the order of strcmp(3)."""
    return sorted(names, key=lambda name: name.encode("utf-8", "surrogateescape"))


def _folded(text: str) -> str:
    """Every run of white space as one blank, as postconf(1) prints (postconf/postconf_print.c)."""
    return " ".join(re.split("[ \t\r\n]+", text.strip(" \t\r\n")))
