"""Which made-up parameter names are legal, and by what (postconf/postconf_user.c, postconf_dbms.c).

Anybody may invent a parameter: it counts as one as soon as something refers to it with ``$name``, lists
it as a restriction class, or is a database table of which it is a part (``ldap:people`` makes
``people_server_host`` legal). A name that nothing uses is most likely a mistake.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from maillint.syntax import value as values
from maillint.syntax.lists import open_group, split_list

from . import catalogue

if TYPE_CHECKING:
    from maillint.syntax.tree import Setting

    from .configuration import Configuration, View

_RESTRICTION_CLASSES = "smtpd_restriction_classes"


class Undefined(NamedTuple):
    """A ``$name`` that nothing defines."""

    name: str
    setting: Setting
    """Where it is used."""


class Names:
    """The made-up names of a configuration that something makes legal."""

    __slots__ = ("everywhere", "main", "services", "undefined")

    def __init__(self, main: set[str], services: dict[str, set[str]], undefined: list[Undefined]) -> None:
        self.main = frozenset(main)
        """Legal in main.cf and in every ``-o``."""
        self.services = {key: frozenset(names) for key, names in services.items()}
        """Legal as a ``-o`` of the service ``name/type`` too."""
        self.everywhere = self.main.union(*self.services.values())
        self.undefined = tuple(undefined)
        """What is referred to, but has neither a setting nor a default."""


def legal_names(configuration: Configuration) -> Names:
    """Work out the made-up names of *configuration* that are legal."""
    return _Search(configuration).run()


class _Search:
    __slots__ = ("configuration", "main", "options", "services", "undefined")

    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration
        self.options = options_by_service(configuration)
        self.main: set[str] = set()
        self.services: dict[str, set[str]] = {key: set() for key in self.options}
        self.undefined: list[Undefined] = []

    def run(self) -> Names:
        main_view = self.configuration.main_view
        classes = set(restriction_classes(main_view))
        for key, options in self.options.items():
            view = self.configuration.view(key)
            assert view is not None
            if _RESTRICTION_CLASSES in options:
                self.allow(restriction_classes(view), options[_RESTRICTION_CLASSES], key)
            self.services[key] |= classes & options.keys()
            self.scan(options.values(), view, key)
        if main_view.is_set(_RESTRICTION_CLASSES):
            self.allow(classes, self.configuration.settings[_RESTRICTION_CLASSES], None)
        self.scan(self.configuration.settings.values(), main_view, None)
        return Names(self.main, self.services, self.undefined)

    def scan(self, settings: Iterable[Setting], view: View, key: str | None) -> None:
        """Allow what the texts of these settings refer to; *key*: the service that they belong to."""
        for setting in settings:
            text = setting.value.text
            if "$" not in text and ":" not in text:
                continue
            parameter = self.configuration.parameter(setting.name)
            if parameter is not None and parameter.type == "raw":
                continue
            self.allow(references(text), setting, key)
            if parameter is not None and not parameter.legacy and ("$" in text or ":" in text):
                expanded = view.expand(text).text
                self.allow(self.table_parameters(expanded), setting, key, must_exist=False)

    def allow(self, names: Iterable[str], setting: Setting, key: str | None, must_exist: bool = True) -> None:
        """Make *names* legal where they are set: in the same service or main.cf; from main.cf anywhere."""
        for name in names:
            if self.configuration.parameter(name) is not None:
                continue
            found = False
            if key is not None and name in self.options[key]:
                self.services[key].add(name)
                found = True
            elif name in self.configuration.settings:
                self.main.add(name)
                found = True
            if key is None:
                for service, options in self.options.items():
                    if name in options:
                        self.services[service].add(name)
                        found = True
            if must_exist and not found:
                self.undefined.append(Undefined(name, setting))

    def table_parameters(self, text: str) -> Iterator[str]:
        version = self.configuration.version
        for table_type, name in tables(text):
            if not name.startswith("/"):
                for suffix in catalogue.database_suffixes(table_type, version):
                    yield f"{name}_{suffix}"


def options_by_service(configuration: Configuration) -> dict[str, dict[str, Setting]]:
    """The ``-o`` of every service that has any, by ``name/type``; repeated entries count together."""
    options: dict[str, dict[str, Setting]] = {}
    for service in configuration.services:
        for option in service.options:
            options.setdefault(service.id, {})[option.name] = option
    return options


def restriction_classes(view: View) -> list[str]:
    """The names in smtpd_restriction_classes."""
    return [item.text for item in view.items(_RESTRICTION_CLASSES) if item.known]


def references(text: str) -> Iterator[str]:
    """Every name that *text* refers to, in either branch, up to the first syntax problem."""
    if "$" in text:
        expression = values.parse_value(text)
        problem = next(values.problems(expression), None)
        for reference in values.references(expression):
            if problem is not None and reference.start > problem.start:
                return
            yield reference.name


def tables(text: str) -> Iterator[tuple[str, str]]:
    """What may be a table ``type:name`` in a list, ``proxy:`` in front taken away, ``{ }`` groups opened."""
    todo = [text]
    while todo:
        for item in split_list(todo.pop(), True):
            if item.text.startswith("{"):
                todo.append(open_group(item.text).payload)
                continue
            kind, colon, name = item.text.partition(":")
            while colon and kind == "proxy":
                kind, colon, name = name.partition(":")
            if name.startswith("{"):
                todo.append(open_group(name).payload)
            elif name and not name.startswith("."):
                yield kind, name
